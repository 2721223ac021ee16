import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { systemClock } from "../clock.ts";
import { TandemError } from "../errors.ts";
import { openBroker } from "../nats/broker.ts";
import { rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const rigForTest = async (): Promise<Rig> => openRig({ natsUrl: nats.url, databaseUrl: database.url });

describe("a delivery", () => {
  it("that reached no handler spends no attempt", async () => {
    const rig = await rigForTest();
    await rig.publishThing("t-spent");
    await spendDeliveries(rig, 9);
    let runs = 0;
    await rig.startTaker(({ thing_id }, { tx }) => {
      runs += 1;
      if (runs < 5) throw new Error("not yet");
      return tx.query("select $1::text", [thing_id]).then(() => undefined);
    });
    await rig.settled();
    expect(runs).toBe(5);
    expect(await rig.deadLetters()).toEqual([]);
    expect(await attemptsOf(rig)).toEqual([]);
  });

  it("of a message whose runs are used up is a dead letter without a run", async () => {
    const rig = await rigForTest();
    await startedBefore(rig, { runs: 5, unfinished: 1 });
    await rig.publishThing("t-exhausted");
    await spendDeliveries(rig, 1);
    let runs = 0;
    await rig.startTaker(() => {
      runs += 1;
    });
    await rig.settled();
    expect(runs).toBe(0);
    expect((await rig.deadLetters()).map(({ headers }) => headers)).toMatchObject([
      { "dlq-code": "ATTEMPTS_EXHAUSTED", "dlq-attempts": "5" },
    ]);
    expect(await attemptsOf(rig)).toEqual([]);
  });

  it.each([
    ["whose runs are used up", { runs: 5, unfinished: 1 }],
    ["that killed its process", { runs: 3, unfinished: 3 }],
  ])("of a message %s and whose fact was applied is a lost acknowledgement and no dead letter", async (_, attempts) => {
    const rig = await rigForTest();
    await startedBefore(rig, attempts, 2);
    const taker = await rig.startTaker(() => undefined);
    const { eventId } = await rig.publishThing("t-applied");
    await rig.settled();
    await taker.stop();
    await rig.publishThing("t-applied", { eventId, correlationId: "again", messageId: "another message id" });
    await spendDeliveries(rig, 5);
    await rig.startTaker(() => {
      throw new Error("applied twice");
    });
    await rig.settled();
    expect(await rig.deadLetters()).toEqual([]);
  });

  it("that is held is one run, however often it is tried while what it needs is away", async () => {
    const rig = await rigForTest();
    const away = new TandemError("DEPENDENCY_DOWN", "the shelf does not answer");
    const answers: string[] = [];
    const counted: { during: unknown[]; between: unknown[] } = { during: [], between: [] };
    // Fails, is held for six rounds at its second delivery, and fails for good.
    const rounds = ["fails", "away", "away", "away", "away", "away", "away", "fails", "fails", "fails", "fails"];
    await rig.startTaker(
      async () => {
        if (rounds[answers.length] === "away") counted.during.push(...(await attemptsOf(rig)));
        const answer = rounds[answers.length] ?? "too often";
        answers.push(answer);
        if (answer === "away") throw away;
        throw new Error(answer);
      },
      {
        clock: {
          now: () => systemClock.now(),
          sleep: async () => {
            counted.between.push(...(await attemptsOf(rig)));
          },
        },
      },
    );
    await rig.publishThing("t-held");
    await rig.settled();
    expect(answers).toEqual(rounds);
    // While it is held only the run that failed is written down: whoever is killed then has not begun another.
    expect(counted.during).toEqual(Array.from({ length: 6 }, () => ({ runs: 2, unfinished: 1 })));
    expect(counted.between).toEqual(Array.from({ length: 6 }, () => ({ runs: 1, unfinished: 0 })));
    expect((await rig.deadLetters()).map(({ headers }) => headers["dlq-attempts"])).toEqual(["5"]);
  });
});

/** Makes the taker's tables, and writes down runs of the message with a sequence of the stream that is still to come. */
async function startedBefore(
  rig: Rig,
  { runs, unfinished }: { readonly runs: number; readonly unfinished: number },
  sequence = 1,
): Promise<void> {
  const taker = await rig.startTaker(() => undefined);
  await taker.stop();
  await rig.rows(`insert into "${rig.contract.taker.name}".tandem_attempts values ($1, $2, $3, $4)`, [
    `${rig.contract.taker.name}-thingMade-v1`,
    sequence,
    runs,
    unfinished,
  ]);
}

async function attemptsOf(rig: Rig): Promise<object[]> {
  return rig.rows(`select runs, unfinished from "${rig.contract.taker.name}".tandem_attempts`);
}

/** Takes the messages of the taker's durable and gives none of them an answer but "later", again and again. */
async function spendDeliveries(rig: Rig, times: number): Promise<void> {
  const broker = openBroker({ servers: [nats.url], name: "spender", log: pino({ level: "silent" }) });
  let seen = 0;
  const durable = `${rig.contract.taker.name}-thingMade-v1`;
  const subscription = broker.subscribe(
    { stream: rig.contract.stream, durable, concurrency: 1, ackWaitMs: 10_000 },
    async () => {
      seen += 1;
      return { kind: "retry", delayMs: seen < times ? 1 : 500 };
    },
  );
  await eventually(() => seen >= times);
  await subscription.stop();
  await broker.close();
}
