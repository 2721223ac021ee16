import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { sweepAttempts } from "../admin.ts";
import { PermanentError } from "../errors.ts";
import { rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });

describe("a dead letter", () => {
  it("of a replay that fails again is another entry, with the fingerprint of the first and nothing of the replay", async () => {
    const rig = await rigForTest();
    let runs = 0;
    await rig.startTaker(({ thing_id }, { delivery }) => {
      runs += 1;
      throw new PermanentError(`no place for ${thing_id} at ${delivery.sequence}`);
    });
    const { eventId } = await rig.publishThing("t-replayed");
    await rig.settled();
    const [letter] = await rig.deadLetters();
    const replayId = randomUUID();
    const replay = { "replay-id": replayId, "replay-of": "1", "replay-by": "somebody", "replay-why": "mended" };
    await rig.replay(letter, replay);
    await rig.settled();
    expect(runs).toBe(2);
    const [first, second, ...others] = (await rig.deadLetters()).map(({ headers }) => headers);
    expect(others).toEqual([]);
    const { taker } = rig.contract;
    expect(second).toMatchObject({
      "Nats-Msg-Id": `dlq:${taker.name}:thingMade:${eventId}:${replayId}`,
      "ce-id": eventId,
      "dlq-subject": `replay.${taker.name}-thingMade-v1`,
      "dlq-attempts": "1",
      "dlq-fingerprint": first?.["dlq-fingerprint"],
    });
    expect(second?.["dlq-error"]).not.toBe(first?.["dlq-error"]);
    expect(Object.keys(second ?? {}).filter((name) => name.startsWith("replay-"))).toEqual([]);
  });
});

describe("what is written down of a message's runs", () => {
  it("is swept when nobody touched it since", async () => {
    const rig = await rigForTest();
    const taker = await rig.startTaker(() => undefined);
    await rig.rows(
      `insert into "${rig.contract.taker.name}".tandem_attempts
       values ('a', 1, 1, 0, now() - interval '31 days'), ('a', 2, 1, 1, now() - interval '29 days')`,
    );
    const before = new Date(Date.now() - 30 * 86_400_000);
    expect(await sweepAttempts(taker.context.database, before)).toBe(1);
    const { rows } = await taker.context.database.query("select stream_sequence::int as sequence from tandem_attempts");
    expect(rows).toEqual([{ sequence: 2 }]);
  });
});
