import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { generate, readModel } from "../generate.ts";
import type { Model } from "./model.ts";

const root = join(import.meta.dirname, "..", "..");
const orders = readFileSync(join(root, "asyncapi.yaml"), "utf8");
const parcels = readFileSync(
  join(import.meta.dirname, "..", "testdata", "operation-versions", "asyncapi.yaml"),
  "utf8",
);

/** A contract with version 1 current and version 2 a draft that nobody sends or receives yet. */
const draft = replaced(parcels, / {6}- \{ \$ref: '#\/channels\/parcelSent\/messages\/ParcelSentV2' \}\n/g, "");

async function modelOf(text: string): Promise<Model> {
  const { model, diagnostics } = await readModel("dir/asyncapi.yaml", text);
  expect(diagnostics).toEqual([]);
  if (model === undefined) throw new Error("no model");
  return model;
}

/** Fails where the text that a test means to change is no longer there. */
function replaced(text: string, what: string | RegExp, by: string): string {
  const result = typeof what === "string" ? text.replace(what, by) : text.replace(what, () => by);
  expect(result).not.toBe(text);
  return result;
}

describe("the model of this repository's contract", () => {
  let model: Model;
  beforeAll(async () => {
    model = await modelOf(orders);
  });

  it("has every event with its subject, and every service with what it does", () => {
    expect(model.source).toBe("asyncapi.yaml");
    expect(
      model.events.map(({ channel, name, versions }) => [channel, name, versions.map(({ subject }) => subject)]),
    ).toContainEqual(["orderCreated", "orders.created", ["orders.created.v2", "orders.created.v1"]]);
    expect(model.services.map(({ name }) => name)).toEqual(["inventory", "order", "payment"]);
    const payment = model.services.find(({ name }) => name === "payment");
    expect(payment?.publishes).toEqual(["paymentFailed", "paymentRefunded", "paymentSucceeded"]);
    expect(payment?.handles.map(({ channel, durables }) => [channel, durables])).toEqual([
      [
        "orderCancelled",
        [{ name: "payment-orderCancelled-v1", version: 1, deadLetterSubject: "dead.payment.orderCancelled.v1" }],
      ],
      [
        "orderPayable",
        [{ name: "payment-orderPayable-v1", version: 1, deadLetterSubject: "dead.payment.orderPayable.v1" }],
      ],
    ]);
  });

  it("has one durable for each service, event and version, with room for deliveries that reached no handler", () => {
    expect(model.consumers).toHaveLength(11);
    expect(model.consumers.find(({ durable }) => durable === "inventory-orderCreated-v1")).toEqual({
      stream: "ORDERS",
      durable: "inventory-orderCreated-v1",
      service: "inventory",
      channel: "orderCreated",
      event: "orders.created",
      version: 1,
      filterSubjects: ["orders.created.v1", "replay.inventory-orderCreated-v1"],
      deadLetterSubject: "dead.inventory.orderCreated.v1",
      replaySubject: "replay.inventory-orderCreated-v1",
      orderedByKey: false,
      ackWaitMs: 30_000,
      maxAttempts: 5,
      maxDeliver: 105,
      maxAckPending: 1_000,
    });
  });

  it("has streams with explicit subjects, and a wildcard for each parameter of a dead letter", () => {
    expect(model.streams.map(({ name, owner }) => [name, owner, publishedIn(model, name)])).toEqual([
      ["DEAD_LETTERS", undefined, ["dead.inventory.*.*", "dead.order.*.*", "dead.payment.*.*"]],
      ["INVENTORY", "inventory", ["inventory.rejected.v1", "inventory.reserved.v1"]],
      [
        "ORDERS",
        "order",
        ["orders.cancelled.v1", "orders.confirmed.v1", "orders.created.v1", "orders.created.v2", "orders.payable.v1"],
      ],
      ["PAYMENTS", "payment", ["payments.failed.v1", "payments.refunded.v1", "payments.succeeded.v1"]],
    ]);
    expect(model.streams[0]?.servers).toEqual({
      development: { replicas: 1, atomicBatches: false },
      production: { replicas: 3, atomicBatches: true },
    });
  });

  it("has the replay subject of each durable in the stream that it reads", () => {
    for (const { name, subjects } of model.streams) {
      const replays = model.consumers.filter(({ stream }) => stream === name).map(({ replaySubject }) => replaySubject);
      expect(subjects.filter((subject) => subject.startsWith("replay."))).toEqual(replays.toSorted());
    }
  });

  it("shares the schemas that others refer to, and no payload", () => {
    expect(model.schemas.map(({ name, file }) => [name, file])).toEqual([
      ["Item", "item"],
      ["Meta", "meta"],
      ["Money", "money"],
      ["Problem", "problem"],
    ]);
    const created = model.events.find(({ channel }) => channel === "orderCreated")?.versions.at(-1);
    expect(created?.schema).toMatchObject({ properties: { meta: { $ref: "#/definitions/Meta" } } });
    expect(created).toMatchObject({ versionLiteral: "v1", hasMeta: true, state: "current", sensitive: [] });
    expect(created?.examples).toHaveLength(2);
  });

  it("has the HTTP door, with header names as HTTP compares them", () => {
    const route = model.routes.find(({ operation }) => operation === "placeOrder");
    expect(route).toMatchObject({ method: "POST", path: "/orders", service: "order", sensitive: ["/customer_id"] });
    expect(route?.headers?.typeName).toBe("PlaceOrderHeaders");
    expect(Object.keys(Object(Object(route?.headers?.schema)["properties"]))).toEqual([
      "idempotency-key",
      "x-correlation-id",
    ]);
    expect(route?.responses.map(({ status, body }) => [status, body.typeName])).toEqual([
      [202, "OrderAccepted"],
      [400, "BadRequest"],
      [409, "KeyInProgress"],
      [415, "NotJson"],
      [422, "OrderRefused"],
    ]);
    expect(model.routes.find(({ operation }) => operation === "getOrder")?.body).toBeUndefined();
  });

  it("holds nothing of ours or of the document in its schemas", () => {
    const schemas = JSON.stringify([
      model.schemas,
      model.events.map(({ versions }) => versions.map(({ schema }) => schema)),
      model.routes,
    ]);
    expect(schemas).not.toMatch(/"x-(sensitive|version|evolves)"|"\$id"|"\$ref":"#\/(?!definitions\/)/);
  });

  it("does not depend on the order of the document's keys", async () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== "object" || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .map(([key, member]) => [key, reversed(member)])
          .toReversed(),
      );
    };
    const document: unknown = parse(orders);
    const backwards = stringify(reversed(document), { aliasDuplicateObjects: false });
    expect(backwards).not.toBe(stringify(document, { aliasDuplicateObjects: false }));
    expect(await modelOf(backwards)).toEqual(model);
    expect((await generate("asyncapi.yaml", backwards)).files).toEqual((await generate("asyncapi.yaml", orders)).files);
  });

  it("is the same from JSON", async () => {
    expect(await modelOf(JSON.stringify(parse(orders)))).toEqual(model);
  });
});

describe("versions", () => {
  /** Two versions of the same shape, so that nothing has to be mapped. */
  const changes: readonly [string, string][] = [
    ["        weight: { type: integer, minimum: 1 }\n", ""],
    [", minLength: 1", ""],
    [", weight: 12", ""],
    ["number: 2, state: draft }", "number: 2, state: draft }\n      x-evolves: { from: ParcelSentV1, steps: [] }"],
  ];
  const dual = (state: string, more: readonly [string, string][] = []): string =>
    [...changes, ...more]
      .reduce((text, [what, by]) => replaced(text, what, by), state === "draft" ? draft : parcels)
      .replace("number: 2, state: draft", `number: 2, state: ${state}`);

  it("that are drafts are generated, and neither stored, sent nor handled", async () => {
    const model = await modelOf(dual("draft"));
    expect(model.events[0]?.versions.map(({ number, state }) => [number, state])).toEqual([
      [2, "draft"],
      [1, "current"],
    ]);
    expect(model.events[0]?.writes).toBe(1);
    expect(publishedIn(model, "PARCELS")).toEqual(["parcels.sent.v1"]);
    expect(model.consumers.map(({ durable }) => durable)).toEqual(["tracker-parcelSent-v1"]);
  });

  it("that are both live have a subject and a durable each, newest first; the newest is written", async () => {
    const model = await modelOf(dual("current"));
    expect(model.events[0]?.writes).toBe(2);
    expect(publishedIn(model, "PARCELS")).toEqual(["parcels.sent.v1", "parcels.sent.v2"]);
    expect(model.services.find(({ name }) => name === "tracker")?.handles[0]?.durables.map(({ name }) => name)).toEqual(
      ["tracker-parcelSent-v2", "tracker-parcelSent-v1"],
    );
  });

  it("are written as the event says", async () => {
    const model = await modelOf(dual("current", [["key: /parcel_id", "key: /parcel_id, writes: v1"]]));
    expect(model.events[0]?.writes).toBe(1);
  });

  it("that are retired are read from what is stored, and refused when published", async () => {
    const sends = "    messages:\n      - { $ref: '#/channels/parcelSent/messages/ParcelSentV1' }\n";
    const model = await modelOf(
      dual("current", [
        ["number: 1, state: current", "number: 1, state: retired"],
        [sends, "    messages:\n"],
      ]),
    );
    expect(publishedIn(model, "PARCELS")).toEqual(["parcels.sent.v2"]);
    expect(model.consumers.map(({ durable }) => durable)).toEqual(["tracker-parcelSent-v1", "tracker-parcelSent-v2"]);
    expect(model.events[0]?.writes).toBe(2);
  });
});

describe("what an operation says", () => {
  it("wins over its traits, member by member, and later traits over earlier ones", async () => {
    const text = replaced(
      replaced(
        draft,
        "    x-service: tracker\n",
        "    traits: [{ $ref: '#/components/operationTraits/slow' }, { $ref: '#/components/operationTraits/fast' }]\n    x-retry: { maxAttempts: 9 }\n",
      ),
      "components:\n",
      `components:
  operationTraits:
    slow: { x-service: sender, x-consumer: { concurrency: 500, ackWait: PT2M }, x-retry: { maxAttempts: 2, strategy: { type: fixed, delay: PT5S, jitter: false } } }
    fast: { x-service: tracker, x-consumer: { ackWait: PT10S, ordered: by-key } }
`,
    );
    const model = await modelOf(text);
    expect(model.services.find(({ name }) => name === "tracker")?.handles).toMatchObject([
      {
        ackWaitMs: 10_000,
        concurrency: 500,
        orderedByKey: true,
        retry: { maxAttempts: 9, strategy: "fixed", delayMs: 5_000, maxDelayMs: 20_000, jitter: false },
      },
    ]);
    expect(model.consumers).toMatchObject([{ maxAttempts: 9, maxDeliver: 109, maxAckPending: 20_000 }]);
  });
});

/** The subjects of a stream without those that dead letters are replayed on. */
function publishedIn(model: Model, name: string): string[] | undefined {
  return model.streams
    .find((stream) => stream.name === name)
    ?.subjects.filter((subject) => !subject.startsWith("replay."));
}
