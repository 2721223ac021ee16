/** What a pull says to a durable with a priority policy. */
import type * as js from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { ServingClass } from "../broker.ts";
import type { DurablePriority } from "./admin-shapes.ts";

/** The one group of a durable of ours. A server takes one only, and all readers are in it. */
const GROUP = "all";

/** Members of a pull request, as the API names them. */
export interface PullPriority {
  readonly group: string;
  readonly priority?: number;
  readonly min_pending?: number;
  readonly min_ack_pending?: number;
}

/** How this process pulls from a durable. */
export interface PullClass {
  /** Members of each pull; none where the durable has no policy. */
  readonly members: PullPriority | undefined;
  /** Whether one reader has the durable to itself, and says so in its pulls. */
  readonly pinned: boolean;
}

/** What the durable is set to decides, not what the contract says: so a change of the policy stops no reader. */
export function pullClassOf(config: js.ConsumerConfig, serving: ServingClass | undefined): PullClass {
  const [group] = config.priority_groups ?? [];
  if (group === undefined) return { members: undefined, pinned: false };
  const { priority = 0, overflowPending = 0, overflowAckPending = 0 } = serving ?? {};
  switch (config.priority_policy) {
    case "prioritized":
      return { members: { group, priority }, pinned: false };
    case "overflow":
      return {
        members: {
          group,
          ...(overflowPending > 0 ? { min_pending: overflowPending } : {}),
          ...(overflowAckPending > 0 ? { min_ack_pending: overflowAckPending } : {}),
        },
        pinned: false,
      };
    case "pinned_client":
      return { members: { group }, pinned: true };
    default:
      return { members: { group }, pinned: false };
  }
}

type PriorityConfig = Pick<js.ConsumerConfig, "priority_policy" | "priority_groups" | "priority_timeout">;

/** A policy as the API takes it; nothing for none. */
export function toPriorityConfig(priority: DurablePriority | null): Partial<PriorityConfig> {
  if (priority === null) return {};
  const groups = { priority_groups: [GROUP] };
  if (priority.policy !== "pinned") return { priority_policy: priority.policy, ...groups };
  return { priority_policy: "pinned_client", ...groups, priority_timeout: nanos(priority.timeoutMs) };
}

/** The policy that a durable has. */
export function fromPriorityConfig({
  priority_policy,
  priority_timeout = 0,
}: js.ConsumerConfig): DurablePriority | null {
  if (priority_policy === "pinned_client") return { policy: "pinned", timeoutMs: priority_timeout / 1_000_000 };
  return priority_policy === "prioritized" || priority_policy === "overflow" ? { policy: priority_policy } : null;
}
