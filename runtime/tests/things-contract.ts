/** A small contract written by hand, as codegen would write it: a maker publishes things, a taker takes them. */
import {
  DESCRIPTOR_FORMAT,
  defineEvent,
  defineMessage,
  defineService,
  type Handler,
  type Payload,
  type PriorityDescriptor,
  type RetryPolicy,
  type Validator,
  type Violation,
} from "../descriptors.ts";

export interface ThingMadeV1 {
  readonly version: "v1";
  readonly thing_id: string;
  readonly count: number;
  readonly note?: string;
  readonly meta?: object;
}

export interface ThingTakenV1 {
  readonly version: "v1";
  readonly thing_id: string;
  readonly meta?: object;
}

export interface MakerPublishes {
  thingMade(payload: Payload<ThingMadeV1>): void;
}

export interface MakerHandlers {
  readonly thingTaken: Handler<ThingTakenV1, MakerPublishes>;
}

export interface TakerPublishes {
  thingTaken(payload: Payload<ThingTakenV1>): void;
}

export interface TakerHandlers {
  readonly thingMade: Handler<ThingMadeV1, TakerPublishes>;
}

const RETRY: RetryPolicy = { maxAttempts: 5, strategy: "exponential", delayMs: 20, maxDelayMs: 60, jitter: true };

/** How things are delivered, where a test wants it otherwise. */
export interface ThingsDelivery {
  /** 10 s when absent. */
  readonly ackWaitMs?: number;
  /** 8 when absent. */
  readonly concurrency?: number;
  /** False when absent. */
  readonly orderedByKey?: boolean;
  /** To whichever asked first when absent. */
  readonly priority?: PriorityDescriptor;
  /** Whether the note of a thing is marked as sensitive. False when absent. */
  readonly hidesNote?: boolean;
}

/** The contract under names of its own, so that tests of one file do not meet each other's messages. */
export function thingsContract(id: string, things: ThingsDelivery = {}) {
  const { ackWaitMs = 10_000, concurrency = 8, orderedByKey = false, hidesNote = false, priority } = things;
  const stream = `THINGS_${id}`;
  const thingMadeV1 = defineMessage<ThingMadeV1>({
    format: DESCRIPTOR_FORMAT,
    message: "ThingMadeV1",
    type: "things.made.v1",
    version: 1,
    subject: `things${id}.made.v1`,
    hasMeta: true,
    sensitive: hidesNote ? ["/note"] : [],
    validate: validatorOf<ThingMadeV1>({ thing_id: isText, count: isCount }),
  });
  const thingTakenV1 = defineMessage<ThingTakenV1>({
    format: DESCRIPTOR_FORMAT,
    message: "ThingTakenV1",
    type: "things.taken.v1",
    version: 1,
    subject: `things${id}.taken.v1`,
    hasMeta: true,
    sensitive: [],
    validate: validatorOf<ThingTakenV1>({ thing_id: isText }),
  });
  const thingMade = defineEvent({
    format: DESCRIPTOR_FORMAT,
    channel: "thingMade",
    name: "things.made",
    stream,
    key: "/thing_id",
    writes: thingMadeV1,
    versions: [thingMadeV1],
  });
  const thingTaken = defineEvent({
    format: DESCRIPTOR_FORMAT,
    channel: "thingTaken",
    name: "things.taken",
    stream,
    key: "/thing_id",
    writes: thingTakenV1,
    versions: [thingTakenV1],
  });
  const delivery = { ackWaitMs, concurrency, orderedByKey, retry: RETRY, ...(priority && { priority }) };
  const taker = defineService<TakerHandlers, TakerPublishes>({
    format: DESCRIPTOR_FORMAT,
    name: `taker${id}`,
    publishes: { thingTaken },
    handles: {
      thingMade: {
        event: thingMade,
        durables: [
          { name: `taker${id}-thingMade-v1`, message: thingMadeV1, deadLetterSubject: `dead.taker${id}.thingMade.v1` },
        ],
        ...delivery,
      },
    },
  });
  const maker = defineService<MakerHandlers, MakerPublishes>({
    format: DESCRIPTOR_FORMAT,
    name: `maker${id}`,
    publishes: { thingMade },
    handles: {
      thingTaken: {
        event: thingTaken,
        durables: [
          {
            name: `maker${id}-thingTaken-v1`,
            message: thingTakenV1,
            deadLetterSubject: `dead.maker${id}.thingTaken.v1`,
          },
        ],
        ...delivery,
      },
    },
  });
  return { stream, maker, taker, thingMade, thingMadeV1, thingTaken, thingTakenV1 };
}

/** A validator with the interface of a precompiled one, and the few rules that these tests break. */
function validatorOf<T>(members: Readonly<Record<string, (value: unknown) => string | undefined>>): Validator<T> {
  const validate: Validator<T> = (value): value is T => {
    const violations = violationsOf(value, members);
    validate.errors = violations.length === 0 ? null : violations;
    return violations.length === 0;
  };
  return validate;
}

function violationsOf(
  value: unknown,
  members: Readonly<Record<string, (value: unknown) => string | undefined>>,
): Violation[] {
  if (typeof value !== "object" || value === null) return [violation("", "type", "must be object")];
  const rules = { version: (version: unknown) => (version === "v1" ? undefined : 'must be "v1"'), ...members };
  return Object.entries(rules).flatMap(([name, rule]) => {
    if (!Object.hasOwn(value, name)) return [violation("", "required", `must have required property '${name}'`)];
    const wrong = rule(Reflect.get(value, name));
    return wrong === undefined ? [] : [violation(`/${name}`, "rule", wrong)];
  });
}

function violation(instancePath: string, keyword: string, message: string): Violation {
  return { instancePath, keyword, message, params: {} };
}

function isText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? undefined : "must be string";
}

function isCount(value: unknown): string | undefined {
  return Number.isInteger(value) && Number(value) >= 1 ? undefined : "must be >= 1";
}
