/** The gate of each step: what must hold, and what shows that it does or does not. Works on plain data. */
import type { Doubt } from "../../codegen/contract-editor/doubts.ts";
import type { Passage, Step, StepBack } from "../../codegen/contract-editor/life.ts";
import type { Observation, Reader, Traffic } from "./observe.ts";
import { ago, days, span } from "./words.ts";

/** One service that handles the event. */
export interface HandlerFacts {
  readonly service: string;
  readonly operation: string;
  /** Those that the operation lists. */
  readonly versions: readonly number[];
  /** The durable that it has for the older version, when it reads that. */
  readonly durable: string;
}

/** What the contract says of an event, as gates need it. */
export interface GateFacts {
  readonly event: string;
  readonly stream: string;
  /** Who handles it, and which versions the operation lists. */
  readonly handlers: readonly HandlerFacts[];
  /** Doubts of inferred steps that nobody has cleared, with their lines. */
  readonly doubts: readonly Doubt[];
  /** The day until which the older version was promised, `2027-01-31`. */
  readonly sunset: string | undefined;
}

export interface GateOptions {
  /** For how long nobody may have read the older version. */
  readonly days: number;
  /** Readers and copies that may lose the older version, by name. */
  readonly accepted: readonly string[];
}

/** One thing that speaks for or against a step. */
export interface Reason {
  readonly holds: boolean;
  readonly text: string;
  /** What to do about it, as a whole sentence. */
  readonly todo?: string;
}

/** Steps whose gate is in the contract alone. */
const CONTRACT_ONLY: ReadonlySet<Step | StepBack> = new Set(["dual", "deprecate", "unflip", "undeprecate", "discard"]);

/** Whether the gate of a step asks the broker. */
export function needsBroker(step: Step | StepBack): boolean {
  return !CONTRACT_ONLY.has(step);
}

/**
 * Every reason for and against a step. The step is safe when all hold.
 * @param observation Undefined when the broker was not reached: what is not known does not hold.
 */
export function judge(
  step: Step | StepBack,
  passage: Passage,
  facts: GateFacts,
  observation: Observation | undefined,
  options: GateOptions,
): Reason[] {
  if (needsBroker(step) && observation === undefined) {
    return [
      {
        holds: false,
        text: "NATS was not reached, so who reads what is not known",
        todo: "Set NATS_URL to where it listens.",
      },
    ];
  }
  if (needsBroker(step) && observation?.exists === false) {
    const text = `${observation.server} has no stream ${facts.stream}, so it shows nothing of ${facts.event}`;
    return [{ holds: false, text, todo: "Set NATS_URL to the broker that the services use, or run tandem provision." }];
  }
  switch (step) {
    case "flip":
      return [...handlersKnow(passage, facts, observation), isPublished(passage, observation)];
    case "deprecate":
      return handlersKnow(passage, facts, undefined);
    case "retire":
      return retirement(passage, facts, observation, options);
    case "undual":
      return [...handlersForget(passage, facts), ...nobodyReads(passage.newer, facts, observation)];
    case "dual":
      return facts.doubts.map(({ line, text }) => ({
        holds: false,
        text: `line ${line}: ${text}`,
        todo: "Read the step, mend it where it is wrong, and remove the comment.",
      }));
    case "unflip":
    case "undeprecate":
    case "discard":
      return [];
  }
}

function handlersKnow(
  { older, newer }: Passage,
  { handlers }: GateFacts,
  observation: Observation | undefined,
): Reason[] {
  return handlers.map(({ service, operation, versions, durable }) => {
    if (versions.includes(newer)) return { holds: true, text: `${operation} lists v${newer}` };
    const isThere = observation?.readers.some(
      (reader) => reader.name === durable || (reader.service === service && reader.versions.includes(older)),
    );
    if (isThere === false)
      return { holds: true, text: `${operation} lists only v${older}, and ${service} has no consumer for it` };
    const todo = `Let ${operation} list v${newer} too, generate, provision and deploy ${service}.`;
    return { holds: false, text: `${operation} does not list v${newer}`, todo };
  });
}

function handlersForget({ newer }: Passage, { handlers }: GateFacts): Reason[] {
  return handlers
    .filter(({ versions }) => versions.includes(newer))
    .map(({ operation }) => ({
      holds: false,
      text: `${operation} lists v${newer}`,
      todo: `Let ${operation} list only the version before.`,
    }));
}

/** The release that publishes both must run before the other one is written. */
function isPublished({ older, newer }: Passage, observation: Observation | undefined): Reason {
  const of = (version: number): Traffic | undefined =>
    observation?.traffic.find((traffic) => traffic.version === version);
  const [before, after] = [of(older)?.lastPublishedAt, of(newer)?.lastPublishedAt];
  if (before === undefined) return { holds: true, text: `no v${older} is stored, so no publisher is behind` };
  const now = observation?.at ?? 0;
  const windowMs = (observation?.windowMinutes ?? 0) * 60_000;
  if (after !== undefined && after >= before - windowMs) {
    return { holds: true, text: `v${newer} is published: last ${ago(now - after)}, v${older} ${ago(now - before)}` };
  }
  const last = after === undefined ? "never" : ago(now - after);
  const todo = "Generate, provision, and deploy the release that publishes both.";
  return { holds: false, text: `v${older} was published ${ago(now - before)} and v${newer} ${last}`, todo };
}

function retirement(
  { older, newer }: Passage,
  facts: GateFacts,
  observation: Observation | undefined,
  options: GateOptions,
): Reason[] {
  const now = observation?.at ?? Date.now();
  const reasons: Reason[] = facts.handlers
    .filter(({ versions }) => versions.includes(older))
    .map(({ operation, versions }) => ({
      holds: false,
      text: `${operation} lists ${versions.includes(newer) ? "" : "only "}v${older}`,
      todo: `Let it list v${newer} only, generate and deploy; then its durable can go.`,
    }));
  if (facts.sunset !== undefined && Date.parse(facts.sunset) + days > now) {
    reasons.push({
      holds: false,
      text: `v${older} was promised until ${facts.sunset}`,
      todo: "Wait, or agree on an earlier sunset with those who read it.",
    });
  }
  return [...reasons, ...nobodyReads(older, facts, observation, options), ...copies(observation, options)];
}

function nobodyReads(
  version: number,
  { stream }: GateFacts,
  observation: Observation | undefined,
  options: GateOptions = { days: 0, accepted: [] },
): Reason[] {
  const readers = observation?.readers.filter(({ versions }) => versions.includes(version)) ?? [];
  if (readers.length === 0) return [{ holds: true, text: `no consumer of ${stream} is handed v${version}` }];
  return readers.map((reader) => drained(reader, version, stream, observation?.at ?? 0, options));
}

function drained(
  reader: Reader,
  version: number,
  stream: string,
  now: number,
  { days: wanted, accepted }: GateOptions,
): Reason {
  const who = `${stream}/${reader.name}${reader.service === undefined ? "" : ` of ${reader.service}`}`;
  const reads = reader.filters.length === 0 ? "the whole stream" : reader.filters.join(", ");
  if (accepted.includes(reader.name))
    return { holds: true, text: `${who} reads ${reads}, and may lose v${version} as you said` };
  const accept = `If it can do without v${version}: --accept ${reader.name}.`;
  if (reader.live) {
    const pulls =
      reader.waitingPulls > 0 ? `${reader.waitingPulls} pulls wait` : "it was handed a message a moment ago";
    return {
      holds: false,
      text: `${who} is live (${pulls}) and reads ${reads}`,
      todo: `Let its service go on without v${version}. ${accept}`,
    };
  }
  const remove = `Remove it when nobody needs it (nats consumer rm ${stream} ${reader.name}). ${accept}`;
  if (reader.idleSince === undefined) {
    return {
      holds: false,
      text: `${who} reads ${reads}; nobody does now, but nothing shows for how long`,
      todo: remove,
    };
  }
  const idle = now - reader.idleSince;
  const holds = idle >= wanted * days;
  const text = `${who} reads ${reads} and took nothing for ${span(idle)}`;
  return holds ? { holds, text } : { holds, text: `${text}; ${wanted} days are asked for`, todo: remove };
}

function copies(observation: Observation | undefined, { accepted }: GateOptions): Reason[] {
  return (observation?.copies ?? []).map((name) =>
    accepted.includes(name)
      ? { holds: true, text: `the stream ${name} copies this one, and may lose it as you said` }
      : {
          holds: false,
          text: `the stream ${name} copies this one, so its readers read it too`,
          todo: `Look who reads ${name}; then --accept ${name}.`,
        },
  );
}
