/**
 * A small contract whose event lives in two versions, written by hand as codegen would write it. v2 renames `count`
 * to `amount` and adds `colour`; v1 cannot say gold. What a release knows is an option: old ones know v1 alone.
 */
import {
  DESCRIPTOR_FORMAT,
  defineEvent,
  defineMessage,
  defineService,
  type EvolutionDescriptor,
  type Handler,
  type MessageDescriptor,
  type Payload,
  type SubscriptionDescriptor,
  type Validator,
} from "../descriptors.ts";
import { UNREPRESENTABLE, type UnrepresentablePolicy } from "../evolution.ts";

export interface ThingMadeV1 {
  readonly version: "v1";
  readonly thing_id: string;
  readonly count: number;
  readonly meta?: object;
}

export interface ThingMadeV2 {
  readonly version: "v2";
  readonly thing_id: string;
  readonly amount: number;
  readonly colour: string;
  readonly meta?: object;
}

export interface PublishesV1 {
  thingMade(payload: Payload<ThingMadeV1>): void;
}

export interface PublishesV2 {
  thingMade(payload: Payload<ThingMadeV2>): void;
}

/** The hand-written part of the mapping, where the contract asks for one. */
export interface Evolutions {
  readonly thingMadeV1V2: { readonly colourOf: (count: number) => string };
}

/** What a release of the system knows. */
export interface ReleaseOptions {
  /** What happens to a gold thing, which v1 cannot say. */
  readonly down?: UnrepresentablePolicy;
  /** What happens to an unlucky thing, which v2 cannot say. */
  readonly up?: UnrepresentablePolicy;
  /** Published versions, newest first. Both when absent. */
  readonly published?: readonly (1 | 2)[];
  /** Replaces the mappings. */
  readonly evolution?: Partial<Pick<EvolutionDescriptor, "up" | "down" | "parts">>;
}

/** A count that v2 cannot say. */
export const UNLUCKY = 1_313;

/** The stream of a contract. */
export const thingsOf = (id: string) => ({ stream: `VERSIONS_${id}`, subjects: [`versions${id}.>`] });

/** The contract under names of its own. */
export function versionsContract(id: string, { down, up, published = [2, 1], evolution }: ReleaseOptions = {}) {
  const message = <T>(version: 1 | 2, rules: Readonly<Record<string, (value: unknown) => boolean>>) =>
    defineMessage<T>({
      format: DESCRIPTOR_FORMAT,
      message: `ThingMadeV${version}`,
      type: `things.made.v${version}`,
      version,
      subject: `versions${id}.made.v${version}`,
      hasMeta: true,
      sensitive: [],
      dataschema: `/schemas/things.made/v${version}.json`,
      validate: validatorOf<T>({ version: (value) => value === `v${version}`, ...rules }),
    });
  const v1 = message<ThingMadeV1>(1, { thing_id: isText, count: isCount });
  const v2 = message<ThingMadeV2>(2, { thing_id: isText, amount: isCount, colour: isText });
  const evolutions: EvolutionDescriptor[] = [
    {
      from: v1,
      to: v2,
      up: ({ thing_id, count }: Payload<ThingMadeV1>) =>
        count === UNLUCKY ? UNREPRESENTABLE : { thing_id, amount: count, colour: "grey" },
      down: ({ thing_id, amount, colour }: Payload<ThingMadeV2>) =>
        colour === "gold" ? UNREPRESENTABLE : { thing_id, count: amount },
      unrepresentable: { ...(up && { up }), ...(down && { down }) },
      ...evolution,
    },
  ];
  const both: readonly MessageDescriptor[] = [v2, v1];
  const event = <Written>(writes: MessageDescriptor<Written>) =>
    defineEvent<Written>({
      format: DESCRIPTOR_FORMAT,
      channel: "thingMade",
      name: "things.made",
      stream: thingsOf(id).stream,
      key: "/thing_id",
      writes,
      versions: both.filter(({ version }) => published.some((number) => number === version)),
      evolutions,
    });
  const subscription = (service: string, messages: readonly MessageDescriptor[]): SubscriptionDescriptor => ({
    event: event(v2),
    durables: messages.map(({ version, ...rest }) => ({
      name: `${service}-thingMade-v${version}`,
      message: { version, ...rest },
      deadLetterSubject: `dead.${service}.thingMade.v${version}`,
    })),
    ackWaitMs: 10_000,
    concurrency: 8,
    orderedByKey: false,
    retry: { maxAttempts: 3, strategy: "exponential", delayMs: 20, maxDelayMs: 60, jitter: true },
  });
  const maker = `maker${id}`;
  const taker = `taker${id}`;
  const base = { format: DESCRIPTOR_FORMAT } as const;
  const none = { publishes: {}, handles: {} };
  return {
    v1,
    v2,
    maker,
    taker,
    writesV1: defineService<object, PublishesV1>({
      ...base,
      ...none,
      name: maker,
      publishes: { thingMade: event(v1) },
    }),
    writesV2: defineService<object, PublishesV2>({
      ...base,
      ...none,
      name: maker,
      publishes: { thingMade: event(v2) },
    }),
    /** As `writesV2`, in a contract whose mapping has hand-written parts. */
    writesV2ByHand: defineService<object, PublishesV2, Evolutions>({
      ...base,
      ...none,
      name: maker,
      publishes: { thingMade: event(v2) },
    }),
    takesV1: defineService<{ thingMade: Handler<ThingMadeV1, object> }, object>({
      ...base,
      ...none,
      name: taker,
      handles: { thingMade: subscription(taker, [v1]) },
    }),
    takesBoth: defineService<{ thingMade: Handler<ThingMadeV2, object> }, object>({
      ...base,
      ...none,
      name: taker,
      handles: { thingMade: subscription(taker, both) },
    }),
  };
}

/** A validator with the interface of a precompiled one: every member is required. */
function validatorOf<T>(rules: Readonly<Record<string, (value: unknown) => boolean>>): Validator<T> {
  const validate: Validator<T> = (value): value is T => {
    const wrong = Object.entries(rules).filter(
      ([name, rule]) => typeof value !== "object" || value === null || !rule(Reflect.get(value, name)),
    );
    validate.errors = wrong.map(([name]) => ({
      instancePath: `/${name}`,
      keyword: "rule",
      params: {},
      message: "is wrong",
    }));
    return wrong.length === 0;
  };
  return validate;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isCount = (value: unknown): boolean => Number.isInteger(value) && Number(value) >= 1;
