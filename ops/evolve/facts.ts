/** What gates and commands need to know of one event, out of the contract. */
import { doubtsIn } from "../../codegen/contract-editor/doubts.ts";
import type { EventFacts } from "../../codegen/contract-editor/life.ts";
import { type EditedEvent, numberOf } from "../../codegen/contract-editor/read-for-editing.ts";
import { operationsOn } from "../../codegen/contract-editor/take-step.ts";
import { durableOf, subjectOf } from "../../codegen/model/names.ts";
import type { Contract } from "../../codegen/spec/contract.ts";
import { under } from "../../codegen/spec/pointer.ts";
import type { GateFacts } from "./gates.ts";
import type { ObservedEvent } from "./observe.ts";

/** The event for the state machine. */
export function lifeFacts({ channel, versions }: EditedEvent): EventFacts {
  const facts = versions.map((use) => ({ number: numberOf(use), state: use.message.version?.state ?? "current" }));
  const published = facts.filter(({ state }) => state === "current" || state === "deprecated");
  return {
    writes: channel.event?.writes?.value ?? Math.max(0, ...published.map(({ number }) => number)),
    versions: facts,
  };
}

/** The event for gates; `older` is the version that is on its way out. */
export function gateFacts(contract: Contract, event: EditedEvent, older: number | undefined): GateFacts {
  return {
    event: event.name,
    stream: event.channel.stream?.value ?? "",
    handlers: operationsOn(contract, event, "receive").map((operation) => ({
      service: operation.service?.value ?? "",
      operation: operation.key,
      versions: operation.messages.map(({ value }) => numberOf(value)),
      durable: durableOf(operation.service?.value ?? "", event.channel.key, older ?? 0),
    })),
    doubts:
      event.versions[0] === undefined
        ? []
        : doubtsIn(contract.source.text, under(event.versions[0].message.at, "x-evolves")),
    sunset: event.versions.find((use) => numberOf(use) === older)?.message.version?.sunset?.value,
  };
}

/** The event for whoever looks at the broker. */
export function observed({ channel, versions }: EditedEvent): ObservedEvent {
  const address = channel.address?.value ?? "";
  return {
    stream: channel.stream?.value ?? "",
    versions: versions.map((use) => ({ number: numberOf(use), subject: subjectOf(address, numberOf(use)) })),
  };
}
