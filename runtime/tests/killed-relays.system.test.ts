import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { pino } from "pino";
import { describe, expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import type { StoredMessage } from "../nats/admin.ts";
import { applySchema } from "../postgres/apply-schema.ts";
import { openDatabase } from "../postgres/database.ts";
import { readBacklog } from "../postgres/outbox-rows.ts";
import { createUnitOfWork } from "../postgres/unit-of-work.ts";
import { relayUntilKilled, startRelayProcess } from "./relay-process.ts";
import type { MakerPublishes } from "./things-contract.ts";
import { cause, rigsForTests } from "./things-rig.ts";
import { versionsRig } from "./versions-rig.ts";

const nats = await natsForTest();
const postgres = await databaseForTest();
const openThingsRig = rigsForTests();
const servers = { natsUrl: nats.url, databaseUrl: postgres.url };
const environmentOf = (databaseUrl: string) => ({ NATS_URL: nats.url, DATABASE_URL: databaseUrl });

interface PublishedRow {
  readonly event_id: string;
  readonly stream: string;
  readonly stream_sequences: readonly string[];
  readonly first_sequence: string;
}

const PUBLISHED = "select event_id, stream, stream_sequences, first_sequence from";

/** Every message is there once, and every row says where those of its event are. */
function expectMarked(rows: readonly PublishedRow[], messages: readonly StoredMessage[], stream: string): void {
  const ids = messages.map(({ headers }) => headers["Nats-Msg-Id"]);
  expect(new Set(ids).size).toBe(ids.length);
  const bySequence = new Map(messages.map(({ sequence, headers }) => [sequence, headers["ce-id"]]));
  expect(rows.flatMap(({ stream_sequences }) => stream_sequences)).toHaveLength(messages.length);
  for (const row of rows) {
    const places = row.stream_sequences.map(Number);
    expect(row.stream).toBe(stream);
    expect(Number(row.first_sequence)).toBe(Math.min(...places));
    expect(places.map((place) => bySequence.get(place))).toEqual(places.map(() => row.event_id));
  }
}

describe("a process that is killed", () => {
  it("when the broker has the events and the outbox does not know: they are marked, and published once", async () => {
    const rig = await versionsRig(servers);
    const { writesV2, maker } = rig.release();
    const environment = environmentOf(rig.databaseUrl);
    const service = await rig.start(writesV2, { handlers: {}, env: { NATS_URL: "nats://127.0.0.1:1" } });
    await service.context.transact(cause, async ({ publish }) => {
      for (let amount = 1; amount <= 12; amount += 1) {
        publish.thingMade({ thing_id: `t-${amount % 4}`, amount, colour: "red" });
      }
    });
    await service.stop();
    await relayUntilKilled({ ...environment, RELAY_SOURCE: maker, TANDEM_FAILPOINT: "after-puback-before-mark" });
    expect(await rig.stored()).toHaveLength(24);
    expect(await rig.rows(`${PUBLISHED} ${maker}.tandem_published`)).toEqual([]);
    expect(await rig.rows(`select 1 from ${maker}.tandem_outbox`)).toHaveLength(12);

    startRelayProcess({ ...environment, RELAY_SOURCE: maker });
    await rig.settled();
    const messages = await rig.stored();
    expect(messages).toHaveLength(24);
    expectMarked(await rig.rows(`${PUBLISHED} ${maker}.tandem_published`), messages, rig.stream);
  }, 60_000);

  it("when a change is committed and nobody was told: its events are published, once", async () => {
    const rig = await openThingsRig(servers);
    const { taker, stream, thingTakenV1 } = rig.contract;
    const id = taker.name.slice("taker".length);
    const environment = environmentOf(rig.system.databaseUrl);
    const start = (env: Readonly<Record<string, string>>) => {
      const child = spawn(process.execPath, [fileURLToPath(new URL("things-main.ts", import.meta.url))], {
        env: { PATH: process.env["PATH"], ...environment, THINGS_ID: id, LOG_LEVEL: "silent", ...env },
        stdio: "inherit",
      });
      onTestFinished(() => {
        child.kill("SIGKILL");
      });
      return child;
    };
    const things = ["t-1", "t-2", "t-3"];
    for (const thing of things) await rig.publishThing(thing);
    const [, signal] = await once(start({ TANDEM_FAILPOINT: "after-commit-before-publish:2" }), "exit");
    expect(signal).toBe("SIGKILL");

    start({});
    const published = async () => rig.rows<PublishedRow>(`${PUBLISHED} ${taker.name}.tandem_published`);
    await eventually(async () => (await published()).length === things.length);
    await rig.system.settled({ deadlineMs: 30_000, elsewhere: [taker] });
    expect(await rig.rows(`select 1 from ${taker.name}.tandem_outbox`)).toEqual([]);
    const taken = (await rig.stored()).filter(({ subject }) => subject === thingTakenV1.subject);
    expect(new Set(taken.map(({ headers }) => headers["ce-subject"]))).toEqual(new Set(things));
    expectMarked(await published(), taken, stream);
    expect(await rig.deadLetters()).toEqual([]);
  }, 90_000);
});

describe("two relays of which one is killed again and again, under twelve writers", () => {
  it("lose nothing, publish nothing twice and keep the order of each key", async () => {
    const rig = await openThingsRig(servers);
    const { maker, stream } = rig.contract;
    const log = pino({ level: "silent" });
    const database = openDatabase({
      url: rig.system.databaseUrl,
      schema: maker.name,
      applicationName: "writers",
      connections: 15,
      log,
    });
    onTestFinished(() => database.close());
    await applySchema(database.work, maker.name, []);
    const write = createUnitOfWork<MakerPublishes>({
      pool: database.work,
      publishes: maker.publishes,
      onOutbox: () => undefined,
    });
    const keys = Array.from({ length: 9 }, (_, index) => `key-${index}`);
    const killed = new AbortController();
    let written = 0;
    const writer = async (seed: number): Promise<void> => {
      for (let turn = 0; !killed.signal.aborted; turn += 1) {
        if (turn % 10 === 0) await eventually(async () => (await readBacklog(database.background)).rows < 1_000);
        await write(cause, async ({ publish }) => {
          for (let n = 0; n <= turn % 3; n += 1) {
            publish.thingMade({ thing_id: keys[(seed + turn * (n + 1)) % keys.length] ?? "", count: 1 });
            written += 1;
          }
        });
      }
    };
    const count = async (): Promise<number> => {
      const [row] = await rig.rows<{ count: number }>(`select count(*)::int from ${maker.name}.tandem_published`);
      return row?.count ?? 0;
    };

    const env = { ...environmentOf(rig.system.databaseUrl), RELAY_SOURCE: maker.name };
    startRelayProcess(env);
    const writers = Array.from({ length: 12 }, async (_, seed) => writer(seed));
    for (const times of [1, 3]) {
      // Once in the middle of a claim, whose rows the stream has; once at any moment.
      await relayUntilKilled({ ...env, TANDEM_FAILPOINT: `after-puback-before-mark:${times}` });
      const before = await count();
      const relay = startRelayProcess(env);
      await eventually(async () => (await count()) > before + 100);
      relay.kill("SIGKILL");
      await once(relay, "exit");
    }
    killed.abort();
    await Promise.all(writers);
    await eventually(async () => (await readBacklog(database.background)).rows === 0);

    const messages = await rig.stored();
    expect(messages).toHaveLength(written);
    expectMarked(await rig.rows(`${PUBLISHED} ${maker.name}.tandem_published`), messages, stream);
    for (const key of keys) {
      const sequences = messages
        .filter(({ headers }) => headers["ce-subject"] === key)
        .map(({ headers }) => Number(headers["ce-sequence"]));
      expect(sequences.length).toBeGreaterThan(0);
      expect(sequences).toEqual(sequences.map((_, index) => index + 1));
    }
  }, 180_000);
});
