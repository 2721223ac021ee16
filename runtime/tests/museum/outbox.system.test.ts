/** Bugs that other systems had, each a test of its name: what a relay does to its outbox. */
import { pino } from "pino";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../../lab/testing/servers.ts";
import { applySchema } from "../../postgres/apply-schema.ts";
import { openDatabase, type Database } from "../../postgres/database.ts";
import { CLAIM, hasUnpublished, readBacklog, setAside } from "../../postgres/outbox-rows.ts";
import { createUnitOfWork } from "../../postgres/unit-of-work.ts";
import { leaveWaiting, pagesOfClaim } from "../claim-plan.ts";
import { startRelayProcess } from "../relay-process.ts";
import type { MakerPublishes } from "../things-contract.ts";
import { cause, rigsForTests } from "../things-rig.ts";

const nats = await natsForTest();
const postgres = await databaseForTest();
const openRig = rigsForTests();

async function databaseOf(url: string, schema: string): Promise<Database> {
  const log = pino({ level: "silent" });
  const database = openDatabase({ url, schema, applicationName: "museum", connections: 16, log });
  onTestFinished(() => database.close());
  await applySchema(database.work, schema, []);
  return database;
}

it("parallel relays break the outbox order", async () => {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: postgres.url });
  const { maker } = rig.contract;
  const { databaseUrl } = rig.system;
  const database = await databaseOf(databaseUrl, maker.name);
  const env = { NATS_URL: nats.url, DATABASE_URL: databaseUrl, RELAY_SOURCE: maker.name };
  for (let relay = 1; relay <= 3; relay += 1) startRelayProcess(env);
  const relays = `select 1 from pg_stat_activity where application_name = 'relay' and datname = current_database()`;
  await eventually(async () => ((await database.background.query(relays)).rowCount ?? 0) >= 3);
  const write = createUnitOfWork<MakerPublishes>({
    pool: database.work,
    publishes: maker.publishes,
    onOutbox: () => undefined,
  });
  const keys = ["a", "b", "c", "d", "e"];
  let written = 0;
  const writer = async (seed: number): Promise<void> => {
    for (let turn = 0; turn < 50; turn += 1) {
      await write(cause, async ({ publish }) => {
        // Several keys in one transaction, in changing order: they must not deadlock either.
        for (let n = 0; n <= turn % 3; n += 1) {
          publish.thingMade({ thing_id: keys[(seed + turn * (n + 1)) % keys.length] ?? "a", count: 1 });
          written += 1;
        }
      });
    }
  };
  await Promise.all(Array.from({ length: 12 }, async (_, seed) => writer(seed)));
  await eventually(async () => (await readBacklog(database.background)).rows === 0);

  const messages = await rig.stored();
  expect(messages).toHaveLength(written);
  const placed = await rig.rows<{ event_id: string; place: number }>(
    `select event_id, unnest(stream_sequences)::int as place from "${maker.name}".tandem_published order by place`,
  );
  expect(placed).toEqual(messages.map(({ sequence, headers }) => ({ event_id: headers["ce-id"], place: sequence })));
  for (const key of keys) {
    const sequences = messages
      .filter(({ headers }) => headers["ce-subject"] === key)
      .map(({ headers }) => Number(headers["ce-sequence"]));
    expect(sequences.length).toBeGreaterThan(0);
    expect(sequences).toEqual(sequences.map((_, index) => index + 1));
  }
});

it("a relay scanning a table of 16 million rows stalls", async () => {
  const database = await databaseOf(postgres.url, "stalled");
  await database.work.query(
    `insert into tandem_published
       (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions, created_at,
        attempts, published_at, stream, stream_sequences, first_sequence)
     select n, 'many-' || n % 500, n, 'e', 'old-' || n, now(), 'c', 'c', '[]', now(), 0, now(), 'S', array[n], n
       from generate_series(1, 200000) as n`,
  );
  await leaveWaiting(database.work, { rows: 10_000, keys: 500 });
  await database.work.query(
    `update tandem_outbox set attempts = 1, next_attempt_at = now() + interval '1 hour' where sequence <= 500`,
  );
  // Otherwise the test would show nothing: what is due is walked, and it is much.
  expect(await pagesOfClaim(database.background)).toBeGreaterThan(9_500);
  let turns = 0;
  while ((await setAside(database.background, 1_000)) > 0) turns += 1;
  expect(turns).toBe(10);
  // A claim that comes by leaves a mark at the dead entries of the index, once nobody can see them, such as a vacuum.
  const few = async () => eventually(async () => (await pagesOfClaim(database.background)) < 200);
  await few();
  expect(await hasUnpublished(database.background)).toBe(false);

  await database.work.query(
    `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions)
     values ('innocent', 1, 'e', 'innocent', now(), 'c', 'c', '[]')`,
  );
  expect(await hasUnpublished(database.background)).toBe(true);
  await few();
  expect((await database.background.query(CLAIM, [256, 32])).rows).toMatchObject([{ key: "innocent" }]);
});
