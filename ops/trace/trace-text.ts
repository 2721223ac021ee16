/** A trace for a person: a tree, each line with its time. */
import type { TraceConversation, TraceEvent, TraceLetter, TraceReader, TraceState } from "./trace.ts";

/** One line with what hangs below it. */
interface Branch {
  readonly line: string;
  readonly below: readonly Branch[];
}

/** The whole trace; times are UTC. */
export function traceText(conversations: readonly TraceConversation[]): string {
  return conversations
    .map(({ correlationId, states, events }) => {
      const below = [...states.map((state) => stateBranch(state, state.service)), ...events.map(eventBranch)];
      return [`conversation ${correlationId}`, ...draw(below, "")].join("\n");
    })
    .join("\n\n");
}

function draw(branches: readonly Branch[], indent: string): string[] {
  return branches.flatMap(({ line, below }, index) => {
    const isLast = index === branches.length - 1;
    return [`${indent}${isLast ? "└─ " : "├─ "}${line}`, ...draw(below, `${indent}${isLast ? "   " : "│  "}`)];
  });
}

function eventBranch(event: TraceEvent): Branch {
  const { by, event: name, versions, stream, publishedAt, problem, key, readers } = event;
  const places = versions.map(
    ({ version, sequence }) => `v${version}${sequence === undefined ? "" : ` (${sequence})`}`,
  );
  const where =
    publishedAt === undefined
      ? `in the outbox${problem === undefined ? "" : `: ${problem}`}`
      : `in ${stream} at ${clock(publishedAt)}`;
  return {
    line: `${clock(event.occurredAt)} ${by ?? "somebody"} published ${name} of ${key}, ${places.join(" and ")}, ${where}`,
    below: readers.map(readerBranch),
  };
}

function readerBranch(reader: TraceReader): Branch {
  const { service, at, letters, states, caused } = reader;
  return {
    line: `${at === undefined ? "" : `${clock(at)} `}${service} ${words(reader)}`,
    below: [...letters.map(letterBranch), ...states.map((state) => stateBranch(state)), ...caused.map(eventBranch)],
  };
}

function words({ outcome, version, runs }: TraceReader): string {
  const counted = runs === undefined ? undefined : `${runs} ${runs === 1 ? "run" : "runs"}`;
  switch (outcome) {
    case "applied":
      return `applied it${version === undefined ? "" : ` as v${version}`}${counted === undefined ? "" : ` in ${counted}`}`;
    case "dead letter":
      return "gave it up";
    case "waiting":
      return "has not been given it yet";
    case "in hand":
      return `has it in hand, or waits for its next attempt${counted === undefined ? "" : `, ${counted} so far`}`;
    case "parked":
      return "keeps it until the events of its key before it are applied, replayed or discarded";
    case "gone":
      return "passed it over, or applied it longer ago than its inbox remembers";
    case "unknown":
      return "may or may not have handled it: nobody answers who knows";
  }
}

function letterBranch({ at, sequence, subject, code, error, attempts }: TraceLetter): Branch {
  const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"}`;
  return { line: `${clock(at)} dead letter ${sequence} on ${subject} after ${tries}: ${code}: ${error}`, below: [] };
}

function stateBranch({ at, what, detail }: TraceState, service?: string): Branch {
  const more = detail === null || detail === undefined ? "" : ` ${JSON.stringify(detail)}`;
  return { line: `${clock(at)} ${service === undefined ? "" : `${service}: `}${what}${more}`, below: [] };
}

function clock(at: Date): string {
  return at.toISOString().replace("T", " ").replace("Z", "");
}
