import { describe, expect, it } from "vitest";
import { generate } from "../../generate.ts";

const CONTRACT = `asyncapi: 3.0.0
x-tandem: 1
info:
  title: Parcels
  version: 1.0.0
  description: Parcels, from the sender to the door.
  tags: [{ name: sender, description: Sends parcels. }]
servers:
  broker: { host: 'localhost:{port}', protocol: nats, description: Where all goes., variables: { port: { default: '4222' } } }
  elsewhere: { host: localhost, protocol: kafka }
x-streams: { PARCELS: { owner: sender, maxAge: P1D, duplicateWindow: PT2M }, DEAD: { maxAge: P1D, duplicateWindow: PT2M } }
channels:
  parcelSent:
    address: parcels.sent.{version}
    title: A parcel is sent
    summary: In short.
    description: At length.
    servers: [{ $ref: '#/servers/broker' }]
    parameters: { version: { location: $message.payload#/version } }
    messages: { ParcelSentV1: { $ref: '#/components/messages/ParcelSentV1' }, ParcelSentV2: { $ref: '#/components/messages/ParcelSentV2' } }
    x-stream: PARCELS
    x-event: { key: /id }
  parcelLost:
    address: parcels.lost.{version}
    servers: [{ $ref: '#/servers/broker' }]
    parameters: { version: { location: $message.payload#/version } }
    messages: { ParcelLostV1: { $ref: '#/components/messages/ParcelLostV1' } }
    x-stream: PARCELS
    x-event: { key: /id }
  dead:
    address: dead.{service}.{event}.{version}
    servers: [{ $ref: '#/servers/broker' }]
    parameters: { service: {}, event: {}, version: {} }
    x-stream: DEAD
operations:
  sends:
    action: send
    x-service: sender
    channel: { $ref: '#/channels/parcelSent' }
    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }, { $ref: '#/channels/parcelSent/messages/ParcelSentV2' }]
  loses:
    action: send
    x-service: sender
    channel: { $ref: '#/channels/parcelLost' }
    messages: [{ $ref: '#/channels/parcelLost/messages/ParcelLostV1' }]
  tracks:
    action: receive
    x-service: tracker
    summary: Shows it on a map.
    channel: { $ref: '#/channels/parcelSent' }
    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }]
    x-dead-letter: { channel: { $ref: '#/channels/dead' } }
components:
  schemas:
    Body:
      type: object
      required: [version, id]
      properties:
        version: { type: string }
        id: { type: string }
        to: { $ref: '#/components/schemas/Person', description: Who gets it., x-sensitive: true }
        stops: { type: array, items: { type: object, properties: { who: { $ref: '#/components/schemas/Person' } } } }
    Person: { type: object, properties: { name: { type: string, x-sensitive: true }, kind: { type: string } } }
  messages:
    ParcelSentV1:
      payload: { allOf: [{ $ref: '#/components/schemas/Body' }], properties: { version: { const: v1 } } }
      description: As it began.
      x-version: { number: 1, state: deprecated, sunset: '2031-01-31' }
    ParcelSentV2:
      payload: { allOf: [{ $ref: '#/components/schemas/Body' }], properties: { version: { const: v2 } } }
      x-version: { number: 2 }
      x-evolves: { from: ParcelSentV1, steps: [] }
    ParcelLostV1:
      payload: { allOf: [{ $ref: '#/components/schemas/Body' }], properties: { version: { const: v1 } } }
      x-version: { number: 1 }
`;

async function documentOf(service: string) {
  const { files, diagnostics } = await generate("asyncapi.yaml", CONTRACT);
  const text = files.get(`asyncapi/${service}.json`);
  if (text === undefined) throw new Error(JSON.stringify(diagnostics, undefined, 1));
  return JSON.parse(text);
}

describe("the document of a service", () => {
  it("holds what the service does, and nothing that it does not", async () => {
    const { operations, channels, components, servers } = await documentOf("tracker");
    expect(Object.keys(operations)).toEqual(["tracks"]);
    expect(Object.keys(channels)).toEqual(["parcelSent"]);
    expect(Object.keys(components.messages)).toEqual(["ParcelSentV1"]);
    expect(channels.parcelSent.messages).toEqual({ ParcelSentV1: { $ref: "#/components/messages/ParcelSentV1" } });
    expect(channels.parcelSent.parameters.version).toEqual({ enum: ["v1"], location: "$message.payload#/version" });
    expect(Object.keys(servers)).toEqual(["broker"]);
  });

  it("holds every version of what the service sends", async () => {
    const { operations, components } = await documentOf("sender");
    expect(Object.keys(operations)).toEqual(["loses", "sends"]);
    expect(Object.keys(components.messages)).toEqual(["ParcelLostV1", "ParcelSentV1", "ParcelSentV2"]);
    expect(components.messages.ParcelSentV1["x-version"]).toEqual({
      number: 1,
      state: "deprecated",
      sunset: "2031-01-31",
    });
  });

  it("keeps every word for people", async () => {
    const { info, servers, channels } = await documentOf("sender");
    expect(info).toMatchObject({
      title: "Parcels: sender",
      description: "Sends parcels.\n\nParcels, from the sender to the door.",
    });
    expect(servers.broker).toMatchObject({
      host: "localhost:{port}",
      description: "Where all goes.",
      variables: { port: { default: "4222" } },
    });
    expect(channels.parcelSent).toMatchObject({
      title: "A parcel is sent",
      summary: "In short.",
      description: "At length.",
    });
    const { components, operations } = await documentOf("tracker");
    expect(operations.tracks.summary).toBe("Shows it on a map.");
    expect(components.messages.ParcelSentV1.description).toBe("As it began.");
    expect(components.schemas.Body.properties.to.description).toBe("Who gets it.");
  });

  it("marks what is sensitive, where it stands", async () => {
    const { Body, Person } = (await documentOf("tracker")).components.schemas;
    expect(Person.properties).toEqual({ name: { type: "string", "x-sensitive": true }, kind: { type: "string" } });
    expect(Body.properties.to).toMatchObject({ allOf: [{ $ref: "#/components/schemas/Person" }], "x-sensitive": true });
    expect(JSON.stringify(Body).match(/x-sensitive/g)).toHaveLength(1);
  });

  it("says nothing of delivery, which is the runtime's", async () => {
    const text = JSON.stringify(await documentOf("tracker"));
    expect(text).not.toMatch(/x-(dead-letter|retry|consumer|service|evolves|tandem)|dead\./);
  });
});
