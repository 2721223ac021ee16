/** Small models for the tests of emitters. */
import type { Event, EventVersion, JsonSchema, Model, Route, Service, SharedSchema } from "../../model/model.ts";

/** A model with these shared schemas, by type name, and nothing else unless it is given. */
export function modelOf({
  schemas = {},
  ...rest
}: Partial<Omit<Model, "schemas">> & { readonly schemas?: Readonly<Record<string, JsonSchema>> }): Model {
  const shared = Object.entries(schemas).map(([name, schema]): SharedSchema => {
    return { name, file: fileOf(name), pointer: `/components/schemas/${name}`, schema };
  });
  return {
    source: "asyncapi.yaml",
    title: "Test",
    version: "1.0.0",
    schemas: shared,
    events: [],
    routes: [],
    messages: [],
    channels: [],
    applications: [],
    services: [],
    streams: [],
    consumers: [],
    info: { title: "Test", version: "1.0.0" },
    servers: [],
    others: [],
    views: [],
    ...rest,
  };
}

/** An event `made` of one version, with the given schema. */
export function eventOf(schema: JsonSchema, version: Partial<EventVersion> = {}, event: Partial<Event> = {}): Event {
  return {
    channel: "made",
    directory: "made",
    pointer: "/channels/made",
    name: "things.made",
    summary: undefined,
    stream: "THINGS",
    key: "/id",
    writes: 1,
    versions: [
      {
        typeName: "MadeV1",
        constName: "madeV1",
        pointer: "/components/messages/MadeV1",
        number: 1,
        type: "things.made.v1",
        subject: "things.made.v1",
        versionLiteral: undefined,
        state: "current",
        schemaPointer: "/components/schemas/MadeV1",
        schema,
        hasMeta: false,
        sensitive: [],
        description: undefined,
        examples: [],
        ...version,
      },
    ],
    ...event,
  };
}

/** A route `make` that takes this body. */
export function routeOf(schema: JsonSchema, route: Partial<Route> = {}): Route {
  return {
    operation: "make",
    file: "make",
    pointer: "/channels/make",
    service: "maker",
    method: "POST",
    path: "/things",
    summary: undefined,
    body: { typeName: "Make", pointer: "/components/schemas/Make", schema, examples: [] },
    headers: undefined,
    responses: [],
    sensitive: [],
    ...route,
  };
}

/** A service that publishes and handles the event of {@link eventOf}. */
export const maker: Service = {
  name: "maker",
  file: "maker",
  handlersType: "MakerHandlers",
  publishesType: "MakerPublishes",
  evolutionsType: "SomeEvolutions",
  publishes: ["made"],
  handles: [
    {
      channel: "made",
      pointer: "/operations/makerHandlesMade",
      durables: [{ name: "maker-made-v1", version: 1, deadLetterSubject: "dead.maker.made.v1" }],
      ackWaitMs: 30_000,
      concurrency: 16,
      orderedByKey: false,
      priority: undefined,
      retry: { maxAttempts: 5, strategy: "exponential", delayMs: 1_000, maxDelayMs: 20_000, jitter: true },
    },
  ],
};

/** `order-line` for `OrderLine`. */
export function fileOf(name: string): string {
  return name.replace(/\B[A-Z]/g, "-$&").toLowerCase();
}
