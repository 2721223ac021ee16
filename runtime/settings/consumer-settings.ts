/** Which class of instances a process belongs to, where the contract gives an event a priority policy. */
import type { ServingClass } from "../broker.ts";
import { integer, type SettingValues } from "./setting.ts";

/** The declarations. They are of the deployment: the contract says which policy, and not who is of which class. */
export function consumerSettings() {
  return {
    CONSUMER_PRIORITY: integer({
      description:
        "Of events that are read `prioritized`: instances with a smaller number are given messages first; a larger one is given what they do not ask for.",
      min: 0,
      max: 9,
      default: 0,
    }),
    CONSUMER_OVERFLOW_PENDING: integer({
      description:
        "Of events that are read `overflow`: takes messages only while at least so many of an event wait; 0 takes them always.",
      unit: "messages",
      min: 0,
      max: 1_000_000_000,
      default: 0,
    }),
    CONSUMER_OVERFLOW_ACK_PENDING: integer({
      description:
        "Of events that are read `overflow`: takes messages also while at least so many of an event are in hand everywhere; 0 leaves that out.",
      unit: "messages",
      min: 0,
      max: 1_000_000_000,
      default: 0,
    }),
  };
}

/** The class that the settings say. */
export function servingClassOf(settings: SettingValues<ReturnType<typeof consumerSettings>>): ServingClass {
  return {
    priority: settings.CONSUMER_PRIORITY,
    overflowPending: settings.CONSUMER_OVERFLOW_PENDING,
    overflowAckPending: settings.CONSUMER_OVERFLOW_ACK_PENDING,
  };
}

/** What a class says that no event of the service hears; undefined when there is nothing. For the log. */
export function unheardClass(serving: ServingClass, policies: readonly (string | undefined)[]): string | undefined {
  const unheard = [
    ...(serving.priority > 0 && !policies.includes("prioritized") ? ["CONSUMER_PRIORITY"] : []),
    ...(serving.overflowPending > 0 && !policies.includes("overflow") ? ["CONSUMER_OVERFLOW_PENDING"] : []),
    ...(serving.overflowAckPending > 0 && !policies.includes("overflow") ? ["CONSUMER_OVERFLOW_ACK_PENDING"] : []),
  ];
  if (unheard.length === 0) return undefined;
  return `${unheard.join(", ")}: no event of this service is read with that policy; x-consumer.priority of the contract says which are`;
}
