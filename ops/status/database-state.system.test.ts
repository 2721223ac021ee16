import { openStore } from "@tandem/runtime/admin";
import { expect, it, onTestFinished } from "vitest";
import { keptThings } from "../../lab/testing/kept-things.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { readDatabaseState } from "./database-state.ts";

const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const ordered = async () => keptThings({ natsUrl: nats.url, databaseUrl }, { orderedByKey: true });

it("counts what waits in each outbox, and what is parked of each event that is read in order", async () => {
  const things = await ordered();
  const { topology, maker, taker, store, taking } = things;
  await things.commit("k", 2);
  await taking.work.query(
    `insert into tandem_parked (service, event, key, sequence, previous, event_id, version, correlation_id, durable, stream,
       stream_sequence, headers, data)
     select $1, 'things.made', 'k', 2, 1, gen_random_uuid(), 1, 'c', $2, $3, 2, '{}', ''`,
    [taker, things.consumer.durable, things.stream.name],
  );
  const state = await readDatabaseState(topology, store);
  expect(state.outboxes).toMatchObject([
    { service: maker, rows: 2 },
    { service: taker, rows: 0 },
  ]);
  expect(state.parked).toMatchObject([{ service: taker, event: "things.made", parked: 1 }]);
});

it("says of a service that was never started that it was not, and that nothing of it is parked", async () => {
  const { topology, store } = await ordered();
  const [consumer] = topology.consumers;
  if (consumer === undefined) throw new Error("no consumer");
  const wider = { ...topology, consumers: [...topology.consumers, { ...consumer, service: "later" }] };
  const state = await readDatabaseState(wider, store);
  expect(state.outboxes).toContainEqual({ service: "later", problem: "it was never started on this database" });
  expect(state.parked).toContainEqual({ service: "later", event: "things.made", parked: 0, oldestAgeSeconds: 0 });
});

it("says why nothing is known where the database does not answer", async () => {
  const { topology, maker, taker } = await ordered();
  // Nothing listens on port 1.
  const nowhere = openStore("postgres://nobody@127.0.0.1:1/nothing");
  onTestFinished(() => nowhere.close());
  const state = await readDatabaseState(topology, nowhere);
  const problem = expect.stringContaining("PostgreSQL does not answer");
  expect(state.outboxes).toEqual([maker, taker].map((service) => ({ service, problem })));
  expect(state.parked).toEqual([{ service: taker, event: "things.made", problem }]);
});
