/** `tandem evolve status`: where every event is, who reads what, and whether the next step is safe. Plain data. */
import { passageIn, type Passage, STAGES, type Step, type VersionFacts } from "../../codegen/contract-editor/life.ts";
import { takeStep } from "../../codegen/contract-editor/take-step.ts";
import { findEvent, readForEditing } from "../../codegen/contract-editor/read-for-editing.ts";
import type { ChannelSpec, Contract } from "../../codegen/spec/contract.ts";
import { channelsOf } from "../../codegen/spec/roles.ts";
import { OpsError } from "../error.ts";
import { look } from "./broker.ts";
import {
  type ContractText,
  edited,
  type EventInContract,
  faultsOf,
  openEvent,
  readOtherFiles,
} from "./contract-file.ts";
import { gateFacts, lifeFacts, observed } from "./facts.ts";
import { judge, type GateOptions, type Reason } from "./gates.ts";
import type { Observation, Reader, Traffic } from "./observe.ts";

/** One version of an event. */
export interface VersionStatus extends VersionFacts {
  readonly message: string;
  readonly subject: string;
  /** Whether publishers write it. */
  readonly written: boolean;
  /** Undefined when the broker was not reached or has no such stream. */
  readonly traffic: Traffic | undefined;
}

/** The step that `advance` would take, and what speaks for and against it. */
export interface NextStep {
  readonly step: Step;
  readonly safe: boolean;
  readonly reasons: readonly Reason[];
}

export interface EventStatus {
  readonly event: string;
  readonly channel: string;
  readonly stream: string;
  /** Newest first. */
  readonly versions: readonly VersionStatus[];
  /** The newest passage that is not over; undefined when one version stands alone. */
  readonly passage: Passage | undefined;
  /** What the contract lets services read. */
  readonly handlers: readonly {
    readonly service: string;
    readonly operation: string;
    readonly versions: readonly number[];
  }[];
  /** Who reads in fact; undefined when the broker was not reached. */
  readonly readers: readonly Reader[] | undefined;
  /** The latest that anybody was handed something of the passage's older version, milliseconds since the epoch. */
  readonly lastRead: { readonly at: number; readonly by: string } | undefined;
  readonly next: NextStep | undefined;
}

export interface Status {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly events: readonly EventStatus[];
  /** What could not be found out, whole sentences. */
  readonly unknown: readonly string[];
}

export interface StatusOptions extends GateOptions {
  readonly natsUrl: string;
  readonly windowMinutes: number;
}

/**
 * Looks at one event, or at all of them. Without a broker what the contract says is there, and `unknown` says what is not.
 * @throws OpsError when the contract has errors, or no such event
 */
export async function status(source: ContractText, asked: string | undefined, options: StatusOptions): Promise<Status> {
  const events = asked === undefined ? await allEvents(source) : [await openEvent(source, asked)];
  const sight = await look(
    options.natsUrl,
    events.map(({ event }) => observed(event)),
    options.windowMinutes,
  );
  const statuses: EventStatus[] = [];
  for (const [index, found] of events.entries()) statuses.push(await eventStatus(found, sight.seen?.[index], options));
  const missing = (sight.seen ?? []).flatMap(({ exists }, index) =>
    exists ? [] : (events[index]?.event.channel.stream?.value ?? []),
  );
  const unprovisioned = [...new Set(missing)].map(
    (stream) => `The broker has no stream ${stream}: run tandem provision.`,
  );
  const blind = sight.seen === undefined ? [`Traffic and readers are not known. ${sight.why}`] : [];
  return { at: Date.now(), events: statuses, unknown: [...blind, ...unprovisioned] };
}

async function eventStatus(
  found: EventInContract,
  observation: Observation | undefined,
  options: StatusOptions,
): Promise<EventStatus> {
  const { contract, event } = found;
  const life = lifeFacts(event);
  const passage = passageIn(life);
  const { stream, versions } = observed(event);
  const readers = observation?.readers;
  return {
    ...{ event: event.name, channel: event.channel.key, stream, passage, readers },
    versions: life.versions.map((version, index) => ({
      ...version,
      message: event.versions[index]?.message.key ?? "",
      subject: versions[index]?.subject ?? "",
      written: version.number === life.writes,
      traffic: observation?.traffic.find((traffic) => traffic.version === version.number),
    })),
    handlers: gateFacts(contract, event, undefined).handlers.map(({ service, operation, versions }) => ({
      service,
      operation,
      versions,
    })),
    lastRead: passage && lastRead(readers ?? [], passage.older),
    next: passage && (await nextStep(found, passage, observation, options)),
  };
}

async function nextStep(
  found: EventInContract,
  passage: Passage,
  observation: Observation | undefined,
  options: StatusOptions,
): Promise<NextStep | undefined> {
  const { source, contract, event } = found;
  const step = STAGES[passage.stage].next;
  if (step === undefined) return undefined;
  const reasons = judge(step, passage, gateFacts(contract, event, passage.older), observation, options);
  if (reasons.every(({ holds }) => holds)) {
    const edit = edited(source, (editor) => takeStep(editor, contract, event, passage, step));
    const faults = await faultsOf(source, edit);
    reasons.push({
      holds: faults === undefined,
      text: faults === undefined ? "the contract would generate" : `the contract would not generate:\n${faults}`,
    });
  }
  return { step, reasons, safe: reasons.every(({ holds }) => holds) };
}

/** A reader of several subjects may have been handed another one: the time is the latest possible. */
function lastRead(readers: readonly Reader[], version: number): EventStatus["lastRead"] {
  const reads = readers
    .filter(({ versions }) => versions.includes(version))
    .flatMap(({ name, lastActiveAt }) => (lastActiveAt === undefined ? [] : [{ at: lastActiveAt, by: name }]));
  return reads.toSorted((a, b) => b.at - a.at)[0];
}

async function allEvents(source: ContractText): Promise<EventInContract[]> {
  const { contract } = await readForEditing(source.file, source.text, readOtherFiles);
  const names = contract === undefined ? [""] : ownEvents(contract).map(({ key }) => key);
  if (contract === undefined) return [await openEvent(source, "")];
  return names.flatMap((key) => {
    const event = findEvent(contract, key);
    if (typeof event === "string") throw new OpsError(event);
    return { source, contract, event };
  });
}

/** The events of other contracts go from version to version there. */
function ownEvents(contract: Contract): ChannelSpec[] {
  return channelsOf(contract, "event").filter(({ owner }) => owner === undefined);
}
