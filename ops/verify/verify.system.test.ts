/** A system whose books balance, and the same with each of them spoiled by hand: the right invariant names it. */
import { randomUUID } from "node:crypto";
import { openStore } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { booksForTests } from "./tests/books.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const system = booksForTests({ natsUrl, databaseUrl });
const { brokenBy } = system;

const cancelled = (order_id: string) => ({ version: "v1", order_id, reason: "deadline_passed" });

describe("a system whose books balance", () => {
  it("holds, with compensation, dead letters of every state and a replay behind it", async () => {
    const report = await system.books.look();
    expect(report.verdicts.filter(({ violations }) => violations > 0)).toEqual([]);
    expect(report.holds).toBe(true);
    const checked = Object.fromEntries(
      report.verdicts.map(({ invariant, by, checked }) => [`${invariant} ${by}`, checked]),
    );
    // Nothing holds because nothing was looked at; no event of the reference system is read in order.
    for (const [name, count] of Object.entries(checked))
      expect([name, count > 0]).toEqual([name, name !== "I9 tandem"]);
    expect(Object.keys(checked)).toEqual(
      expect.arrayContaining(["I1 order", "I2 order", "I3 inventory", "I4 payment", "I11 inventory", "I11 payment"]),
    );
  });

  it("leaves nothing behind: no consumer on a stream, and no right to write", async () => {
    const consumers = async () =>
      Promise.all(
        ["ORDERS", "INVENTORY", "PAYMENTS", "DEAD_LETTERS"].map(async (name) =>
          (await system.books.admin.durables(name)).map((one) => one.name),
        ),
      );
    const before = await consumers();
    await system.books.look();
    expect(await consumers()).toEqual(before);
    const store = openStore(databaseUrl, { readOnly: true });
    await expect(store.of("order").query("delete from idempotency_keys")).rejects.toThrow("read-only transaction");
    await store.close();
  });
});

describe("books that were spoiled", () => {
  it("I5: a message is not on its stream any more", async () => {
    const broken = await brokenBy(() => system.books.admin.purgeStream("PAYMENTS", { subject: "payments.failed.v1" }));
    const [row] = await system.books.rows<{ event_id: string }>(
      "payment",
      "select event_id from tandem_published where event = 'payments.failed'",
    );
    expect(broken).toEqual({
      "I5 tandem": [
        expect.objectContaining({
          ...{ service: "payment", stream: "PAYMENTS", eventId: row?.event_id, key: system.history.declined },
          missing: expect.stringMatching(/^payments\.failed\.v1 #\d+$/),
        }),
      ],
    });
  });

  it("I5: an event never leaves its outbox", async () => {
    const key = randomUUID();
    const broken = await brokenBy(async () => {
      const payload = cancelled(key);
      // In one statement, or the relay would have it.
      await system.books.rows(
        "order",
        `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, versions, correlation_id, causation_id,
                                    next_attempt_at, created_at, last_error)
         values ($1, 1, 'orders.cancelled', $1, now(), $2, 'c', 'c', 'infinity', now() - interval '1 hour', 'refused')`,
        [
          key,
          JSON.stringify([{ version: 1, type: "orders.cancelled.v1", subject: "orders.cancelled.v1", body: payload }]),
        ],
      );
    });
    expect(broken).toEqual({
      "I5 tandem": [
        expect.objectContaining({
          service: "order",
          eventId: key,
          key,
          why: expect.stringMatching(/36\d\d s: refused$/),
        }),
      ],
    });
    await system.books.rows("order", "delete from tandem_outbox where key = $1", [key]);
  });

  it("I6: a message is on a stream that nobody committed", async () => {
    let eventId = "";
    const broken = await brokenBy(async () => {
      eventId = await system.books.publish("orders.cancelled.v1", cancelled(randomUUID()));
    });
    expect(broken).toEqual({
      "I6 tandem": [expect.objectContaining({ stream: "ORDERS", subject: "orders.cancelled.v1", eventId })],
    });
  });

  it("I6: an event stands under a subject that it was not committed for", async () => {
    const [row] = await system.books.rows<{ event_id: string }>(
      "order",
      "select event_id from tandem_published where event = 'orders.confirmed' and key = $1",
      [system.history.confirmed],
    );
    const eventId = row?.event_id ?? "";
    const broken = await brokenBy(() => system.books.publish("orders.cancelled.v1", cancelled(randomUUID()), eventId));
    expect(broken).toEqual({ "I6 tandem": [expect.objectContaining({ subject: "orders.cancelled.v1", eventId })] });
  });

  it("I7: an inbox forgot that an event was applied", async () => {
    const broken = await brokenBy(() =>
      system.books.rows("inventory", "delete from tandem_inbox where event = 'orders.confirmed' and key = $1", [
        system.history.confirmed,
      ]),
    );
    expect(broken).toEqual({
      "I7 tandem": [
        expect.objectContaining({
          ...{ service: "inventory", event: "orders.confirmed", places: expect.stringMatching(/^ORDERS #\d+$/) },
          why: "neither applied, nor a dead letter, nor on its way",
        }),
      ],
    });
  });

  it("I7: an open dead letter is gone", async () => {
    const broken = await brokenBy(() =>
      system.books.admin.purgeStream("DEAD_LETTERS", { subject: "dead.inventory.orderConfirmed.v1" }),
    );
    // The one that was sent back and applied went with it, and is not missed.
    expect(broken).toEqual({
      "I7 tandem": [expect.objectContaining({ service: "inventory", eventId: system.history.open })],
    });
  });

  it("I8: an event was applied twice", async () => {
    const broken = await brokenBy(() =>
      system.books.rows(
        "payment",
        `insert into tandem_inbox
         select service, event, event_id, version, key, sequence, correlation_id, stream, stream_sequence,
                applied_at + interval '1 second', runs
           from tandem_inbox where event = 'orders.payable' and key = $1`,
        [system.history.confirmed],
      ),
    );
    expect(broken).toEqual({
      "I8 tandem": [expect.objectContaining({ service: "payment", event: "orders.payable" })],
    });
  });

  it("I10: one of two versions is not on the stream", async () => {
    const broken = await brokenBy(() =>
      system.books.admin.purgeStream("ORDERS", { subject: "orders.created.v1", keep: 1 }),
    );
    expect(Object.keys(broken)).toEqual(["I10 tandem"]);
    expect(broken["I10 tandem"]).toContainEqual(
      expect.objectContaining({
        key: system.history.confirmed,
        missing: expect.stringMatching(/^orders\.created\.v1 #\d+$/),
      }),
    );
  });

  it("I12: somebody acted on a letter that is not there", async () => {
    const action = {
      action: "discarded",
      stream: "DEAD_LETTERS",
      letter: 99_999,
      event_id: "nobody",
      by: "x",
      at: "now",
    };
    const data = new TextEncoder().encode(JSON.stringify(action));
    const broken = await brokenBy(() =>
      system.books.admin.publish({ subject: "tandem.audit.dead-letters", data, headers: {}, messageId: "test" }),
    );
    expect(broken).toEqual({ "I12 tandem": [expect.objectContaining({ letter: 99_999, eventId: "nobody" })] });
  });

  it("I13: an outage made a dead letter", async () => {
    const headers = { "ce-id": randomUUID(), "dlq-consumer": "payment-orderPayable-v1", "dlq-code": "DEPENDENCY_DOWN" };
    const broken = await brokenBy(() =>
      system.books.admin.publish({
        ...{ subject: "dead.payment.orderPayable.v1", data: new Uint8Array(), messageId: "outage" },
        headers: { ...headers, "dlq-error": "gateway is left alone" },
      }),
    );
    expect(broken).toEqual({
      "I13 tandem": [
        expect.objectContaining({ service: "payment", code: "DEPENDENCY_DOWN", eventId: headers["ce-id"] }),
      ],
    });
  });

  it.each([
    ["nobody knows its cause", async () => "nobody"],
    ["its cause is of another conversation", causeOfAnother],
  ])("I14: %s", async (why, causeOf) => {
    const causationId = await causeOf();
    const key = randomUUID();
    let eventId = "";
    const broken = await brokenBy(async () => {
      eventId = await system.books.commit({
        ...{ service: "order", event: "orders.cancelled", key, causationId, payload: cancelled(key) },
      });
    });
    expect(broken).toEqual({ "I14 tandem": [expect.objectContaining({ eventId, causationId, why })] });
  });

  it("I16: a message is not what its subject says", async () => {
    const [row] = await system.books.rows<{ event_id: string }>(
      "order",
      "select event_id from tandem_published where event = 'orders.cancelled' and key = $1",
      [system.history.rejected],
    );
    const eventId = row?.event_id ?? "";
    const broken = await brokenBy(() =>
      system.books.publish("orders.cancelled.v1", { version: "v1", reason: "whim" }, eventId),
    );
    expect(broken).toEqual({
      "I16 tandem": [
        expect.objectContaining({ eventId, why: expect.stringContaining("it is not orders.cancelled.v1") }),
      ],
    });
  });
});

async function causeOfAnother(): Promise<string> {
  const [row] = await system.books.rows<{ event_id: string }>("order", "select event_id from tandem_published limit 1");
  return row?.event_id ?? "";
}
