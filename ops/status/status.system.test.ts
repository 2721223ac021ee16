import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { keptThings } from "../../lab/testing/kept-things.ts";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import type { Topology } from "../topology.ts";
import { statusText } from "./status-text.ts";
import { readSystemState } from "./system-state.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();

it("shows streams, durables, outboxes and dead letters", async () => {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl });
  const { topology, admin, store, stream, consumer, maker, taker } = things;
  await things.commit("k", 2);
  await things.relay();
  await things.commit("k", 3);
  const letter = { headers: { "ce-id": randomUUID() }, data: new Uint8Array() };
  await publishRaw(nats.url, { subject: consumer.deadLetterSubject, ...letter });

  const state = await readSystemState(topology, admin, store);
  expect(state.streams[0]).toMatchObject({ stream: stream.name, exists: true, messages: 4, lastSequence: 4 });
  expect(state.durables).toMatchObject([
    { durable: consumer.durable, pending: 2, ackPending: 0, waitingPulls: 0, pausedUntil: null, exhausted: false },
  ]);
  expect(state.outboxes).toMatchObject([
    { service: maker, rows: 3 },
    { service: taker, rows: 0 },
  ]);
  expect(state.deadLetters).toEqual([{ service: taker, channel: "thingMade", version: "v1", letters: 1 }]);
  const text = statusText(state);
  expect(text).toMatch(new RegExp(`${stream.name} +4 .* 1 to 4`));
  expect(text).toMatch(new RegExp(`${consumer.durable} +2 +0 +0 +0 +nobody reads`));
  expect(text).toMatch(new RegExp(`${maker} +3 `));
  expect(text).toMatch(new RegExp(`${taker} +thingMade v1 +1`));
});

it("shows which durables are read by priority, and what is not as the contract says", async () => {
  const { topology, admin, stream, consumer } = await keptThings({ natsUrl: nats.url, databaseUrl });
  const [{ durable }, priority] = [consumer, { policy: "pinned", timeoutMs: 30_000 }] as const;
  const wanted = { ...topology, consumers: [{ ...consumer, priority, ackWaitMs: 10_000 }] };
  const noted = async (of: Topology) => statusText(await readSystemState(of, admin, undefined));
  expect(await noted(topology)).not.toMatch(/priority|not as the contract/);

  const missing = await readSystemState(wanted, admin, undefined);
  expect(missing.durables[0]).toMatchObject({ priority: null });
  expect(missing.durables[0]?.differs).toEqual([
    { field: "ackWaitMs", from: 30_000, to: 10_000 },
    { field: "priority", from: null, to: priority },
  ]);
  expect(statusText(missing)).toContain(
    "not as the contract says (ackWaitMs: 30000 → 10000; priority: none → pinned for 30 s): tandem provision",
  );

  await admin.updateDurable(stream.name, durable, { priority, ackWaitMs: 10_000 });
  expect((await readSystemState(wanted, admin, undefined)).durables[0]).toMatchObject({ priority, differs: [] });
  expect(await noted(wanted)).toMatch(/readers wait +priority\n.* pinned for 30 s +nobody reads$/m);

  await admin.updateDurable(stream.name, durable, { priority: { policy: "overflow" } });
  expect(await noted(wanted)).toMatch(
    / overflow +nobody reads, not as the contract says \(priority: overflow → pinned for 30 s\): tandem provision$/m,
  );
});

it("says what is not there, and shows what it can without a database", async () => {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl });
  await things.admin.deleteStream(things.stream.name);
  const state = await readSystemState(things.topology, things.admin, undefined);
  expect(state.outboxes).toBeUndefined();
  expect(state.durables[0]).toMatchObject({ exists: false });
  const text = statusText(state);
  expect(text).toMatch(new RegExp(`${things.stream.name} +missing`));
  expect(text).toContain("missing: run tandem provision");
  expect(text).toContain("set DATABASE_URL");
  expect(text).toContain("no dead letters");
});
