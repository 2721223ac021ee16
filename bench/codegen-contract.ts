/** A contract of any size, for the benchmark of the generator: events of a version each, sent by one service and read by another. */

const PER_STREAM = 50;

/** The text of a contract with this many messages, which share some schemas and have some of their own. */
export function contractOf(messages: number): string {
  const numbers = Array.from({ length: messages }, (_, index) => index + 1);
  const streams = Array.from({ length: Math.ceil(messages / PER_STREAM) }, (_, index) => index + 1);
  const text = {
    asyncapi: "3.0.0",
    "x-tandem": 1,
    info: { title: "Many parcels", version: "1.0.0" },
    servers: { broker: { host: "localhost:4222", protocol: "nats" } },
    "x-streams": {
      ...byName(streams, (stream) => [
        `PARCELS_${stream}`,
        { owner: "sender", maxAge: "P30D", duplicateWindow: "PT10M" },
      ]),
      DEAD: { maxAge: "P30D", duplicateWindow: "PT10M" },
    },
    channels: {
      ...byName(numbers, (number) => [`parcelSent${number}`, channelOf(number)]),
      deadLetters: {
        address: "dead.{service}.{event}.{version}",
        parameters: { service: {}, event: {}, version: {} },
        "x-stream": "DEAD",
      },
    },
    operations: {
      ...byName(numbers, (number) => [`senderSends${number}`, operationOf("send", "sender", number)]),
      ...byName(numbers, (number) => [`trackerHandles${number}`, operationOf("receive", "tracker", number)]),
    },
    components: {
      messages: byName(numbers, (number) => [`ParcelSent${number}V1`, messageOf(number)]),
      schemas: {
        Address: {
          type: "object",
          required: ["street", "city"],
          properties: {
            street: { type: "string", maxLength: 200 },
            city: { type: "string" },
            country: { enum: ["fr", "de"] },
          },
        },
        Money: {
          type: "object",
          required: ["amount", "currency"],
          properties: { amount: { type: "integer", minimum: 0 }, currency: { type: "string", pattern: "^[A-Z]{3}$" } },
        },
        ...byName(numbers, (number) => [`ParcelSent${number}V1`, schemaOf(number)]),
      },
    },
  };
  return JSON.stringify(text, undefined, 1);
}

function channelOf(number: number): object {
  const name = `ParcelSent${number}V1`;
  return {
    address: `parcels${Math.ceil(number / PER_STREAM)}.sent${number}.{version}`,
    parameters: { version: { location: "$message.payload#/version" } },
    messages: { [name]: { $ref: `#/components/messages/${name}` } },
    "x-stream": `PARCELS_${Math.ceil(number / PER_STREAM)}`,
    "x-event": { key: "/parcel_id" },
  };
}

function operationOf(action: "send" | "receive", service: string, number: number): object {
  const channel = `#/channels/parcelSent${number}`;
  return {
    action,
    "x-service": service,
    channel: { $ref: channel },
    messages: [{ $ref: `${channel}/messages/ParcelSent${number}V1` }],
    ...(action === "receive" ? { "x-dead-letter": { channel: { $ref: "#/channels/deadLetters" } } } : {}),
  };
}

function messageOf(number: number): object {
  const name = `ParcelSent${number}V1`;
  return { payload: { $ref: `#/components/schemas/${name}` }, "x-version": { number: 1, state: "current" } };
}

function schemaOf(number: number): object {
  return {
    type: "object",
    required: ["version", "parcel_id", "to", "price"],
    properties: {
      version: { type: "string", const: "v1" },
      parcel_id: { type: "string", format: "uuid" },
      to: { $ref: "#/components/schemas/Address" },
      price: { $ref: "#/components/schemas/Money" },
      weight: { type: "integer", minimum: 1, maximum: 100_000 },
      sent_at: { type: "string", format: "date-time" },
      [`mark_${number}`]: { type: ["string", "null"], maxLength: number },
      stops: { type: "array", maxItems: 20, items: { type: "object", properties: { place: { type: "string" } } } },
    },
  };
}

function byName<T>(numbers: readonly number[], entry: (number: number) => readonly [string, T]): Record<string, T> {
  return Object.fromEntries(numbers.map(entry));
}
