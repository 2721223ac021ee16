import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { explainClaim, leaveWaiting } from "../tests/claim-plan.ts";
import { applySchema } from "./apply-schema.ts";
import { openDatabase, type Database } from "./database.ts";
import { CLAIM, setAside } from "./outbox-rows.ts";

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

describe("a claim", () => {
  it("walks along the indexes, however many rows wait and whatever the statistics say", async () => {
    await database.work.query("analyze tandem_outbox");
    await leaveWaiting(database.work, { rows: 20_000, keys: 500 });
    const plan = await explainClaim(database.background, "costs off");
    expect(plan).toMatch(/Index Scan using tandem_outbox_due on tandem_outbox candidate/);
    expect(plan).toMatch(
      /SubPlan[\s\S]*Index (Only )?Scan using tandem_outbox_chain on tandem_outbox earliest.*\n *Index Cond: \(key = candidate.key\)/,
    );
    expect(plan).not.toMatch(/Seq Scan|Bitmap|Materialize|Hash|Merge/);
  });

  it("takes the rows behind a refused one when that one is due again", async () => {
    await leaveWaiting(database.work, { rows: 5, keys: 1 });
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
