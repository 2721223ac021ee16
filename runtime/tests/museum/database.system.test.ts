/** A bug that other systems had, as a test of its name: what a database that is away for a moment does to deliveries. */
import { Client } from "pg";
import { expect, it } from "vitest";
import { startPostgres } from "../../../lab/servers/postgres.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { natsForTest } from "../../../lab/testing/servers.ts";
import { rigsForTests } from "../things-rig.ts";

const nats = await natsForTest();
const openRig = rigsForTests();

it("an inbox database blip drops deliveries", async () => {
  await using postgres = await startPostgres({ fsync: false });
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: postgres.url });
  const { taker, stream } = rig.contract;
  const runs: string[] = [];
  const deliveries = new Set<number>();
  await rig.startTaker(({ thing_id }, { delivery }) => {
    runs.push(thing_id);
    deliveries.add(delivery.attempt);
  });
  /** Cuts every connection of the service, and answers whether there were any. */
  const cut = async (): Promise<boolean> => {
    const operator = new Client({ connectionString: rig.system.databaseUrl });
    await operator.connect();
    const { rowCount } = await operator.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await operator.end();
    return (rowCount ?? 0) > 0;
  };
  const ids = Array.from({ length: 400 }, (_, index) => `t-${index}`);
  const publishing = (async () => {
    for (const id of ids) await rig.publishThing(id);
  })();
  for (const reached of [50, 150]) {
    await eventually(() => runs.length >= reached);
    expect(await cut()).toBe(true);
  }
  await eventually(() => runs.length >= 250);
  await postgres.kill();
  await postgres.restart();
  await publishing;
  await rig.settled();
  // A fact without a row was acknowledged although nobody applied it.
  const applied = await rig.rows<{ key: string }>(`select key from "${taker.name}".tandem_inbox`);
  expect(applied.map(({ key }) => key).toSorted()).toEqual(ids.toSorted());
  expect([...deliveries]).toEqual([1]);
  expect(await rig.deadLetters()).toEqual([]);
  const durable = await rig.admin.durable(stream, `${taker.name}-thingMade-v1`);
  expect(durable).toMatchObject({ pending: 0, ackPending: 0, redelivered: 0 });
});
