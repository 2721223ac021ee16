import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { CLAIM, hasUnpublished, setAside } from "./outbox-rows.ts";

const postgres = await databaseForTest();
let database: Database;

beforeAll(async () => {
  const log = pino({ level: "silent" });
  database = openDatabase({ url: postgres.url, schema: "maker", applicationName: "test", connections: 5, log });
  await applySchema(database.work, "maker", []);
});

afterAll(() => database.close());

beforeEach(async () => {
  await database.work.query("truncate tandem_outbox, tandem_published");
});

/** What waits: `rows` of them over `keys`, all due. */
async function waits(rows: number, keys: number): Promise<void> {
  await database.work.query(
    `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions)
     select 'many-' || n % $2, n, 'e', 'many-' || n, now(), 'c', 'c', json_build_array(repeat('x', 500))
       from generate_series(1, $1::int) as n`,
    [rows, keys],
  );
}

async function explainClaim(options: string): Promise<string> {
  const literal = CLAIM.replaceAll("$1", "256").replaceAll("$2", "32");
  const explained = await database.background.query<{ "QUERY PLAN": string }>(`explain (${options}) ${literal}`);
  return explained.rows.map((row) => row["QUERY PLAN"]).join("\n");
}

/** Pages that a claim touches. */
async function pagesOfClaim(): Promise<number> {
  const plan = await explainClaim("analyze, buffers, timing off");
  const [, hits = "0", , reads = "0"] = /^ *Buffers: shared(?: hit=(\d+))?( read=(\d+))?/m.exec(plan) ?? [];
  return Number(hits) + Number(reads);
}

describe("a claim", () => {
  it("walks along the indexes, however many rows wait and whatever the statistics say", async () => {
    await database.work.query("analyze tandem_outbox");
    await waits(20_000, 500);
    const plan = await explainClaim("costs off");
    expect(plan).toMatch(/Index Scan using tandem_outbox_due on tandem_outbox candidate/);
    expect(plan).toMatch(
      /SubPlan[\s\S]*Index (Only )?Scan using tandem_outbox_chain on tandem_outbox earliest.*\n *Index Cond: \(key = candidate.key\)/,
    );
    expect(plan).not.toMatch(/Seq Scan|Bitmap|Materialize|Hash|Merge/);
  });

  // A relay of another project scanned its table of 16 million rows for the few that it had not sent, and stalled.
  it("touches a few pages when 200,000 rows are published and 10,000 wait behind what the broker refuses", async () => {
    for (let first = 1; first <= 200_000; first += 25_000) {
      await database.work.query(
        `insert into tandem_published
           (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions, created_at,
            attempts, published_at, stream, stream_sequences, first_sequence)
         select n, 'many-' || n % 500, n, 'e', 'old-' || n, now(), 'c', 'c', '[]', now(), 0, now(), 'S', array[n], n
           from generate_series($1::int, $1 + 24999) as n`,
        [first],
      );
    }
    await waits(10_000, 500);
    await database.work.query(
      `update tandem_outbox as head set attempts = 1, next_attempt_at = now() + interval '1 hour'
        where sequence <= 500`,
    );
    const before = await pagesOfClaim();
    // Otherwise the test would show nothing.
    expect(before).toBeGreaterThan(9_500);
    let turns = 0;
    while ((await setAside(database.background, 1_000)) > 0) turns += 1;
    expect(turns).toBe(10);
    // The first claim that comes by leaves a mark at the dead entries of the index.
    await pagesOfClaim();
    expect(await pagesOfClaim()).toBeLessThan(200);
    expect(await hasUnpublished(database.background)).toBe(false);

    await database.work.query(
      `insert into tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions)
       values ('innocent', 1, 'e', 'innocent', now(), 'c', 'c', '[]')`,
    );
    expect(await hasUnpublished(database.background)).toBe(true);
    expect(await pagesOfClaim()).toBeLessThan(200);
    expect((await database.background.query(CLAIM, [256, 32])).rows).toMatchObject([{ key: "innocent" }]);
  }, 90_000);

  it("takes the rows behind a refused one when that one is due again", async () => {
    await waits(5, 1);
    await database.work.query(
      "update tandem_outbox set attempts = 1, next_attempt_at = now() + interval '1 hour' where sequence = 1",
    );
    expect(await setAside(database.background, 1_000)).toBe(4);
    expect(await setAside(database.background, 1_000)).toBe(0);
    expect((await database.background.query(CLAIM, [256, 32])).rows).toEqual([]);
    await database.work.query("update tandem_outbox set next_attempt_at = next_attempt_at - interval '1 hour'");
    expect((await database.background.query(CLAIM, [256, 32])).rows).toMatchObject(
      [1, 2, 3, 4, 5].map((sequence) => ({ sequence: String(sequence) })),
    );
  });
});
