import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { startProcess, type SystemProcess } from "../../lab/system/process.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { keptThings, type KeptThings } from "../../lab/testing/kept-things.ts";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { stewardDurable } from "../provision/own-streams.ts";

// Each starts several processes, one after the other.
const nats = await natsForTest();
const { url: databaseUrl } = await databaseForTest();

async function system(): Promise<KeptThings> {
  const things = await keptThings({ natsUrl: nats.url, databaseUrl }, { ackWaitMs: 200, maxDeliver: 1 });
  const { stream, name } = stewardDurable(things.topology);
  // What a killed steward had in hand comes again soon.
  await things.admin.updateDurable(stream, name, { ackWaitMs: 1_000 });
  return things;
}

async function start(things: KeptThings, more: readonly string[] = [], env: Record<string, string> = {}) {
  const topology = join(await scratchDirectory(), "topology.json");
  await writeFile(topology, JSON.stringify(things.topology));
  const steward = startProcess({
    name: "steward",
    file: "ops/main.ts",
    arguments: ["steward", "--topology", topology, ...more],
    env: { NATS_URL: nats.url, DATABASE_URL: things.stewardUrl, HTTP_PORT: "0", ...env },
  });
  onTestFinished(async () => void (await steward.kill()));
  return steward;
}

async function urlOf(steward: SystemProcess): Promise<string> {
  return steward.line((line) => /"url":"([^"]+)"/.exec(line)?.[1]);
}

/** Messages that nobody answers, and that the server has given up. */
async function giveUp(things: KeptThings, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, () => randomUUID());
  const [subject = ""] = things.stream.subjects;
  for (const id of ids) await publishRaw(nats.url, { subject, headers: { "ce-id": id }, data: new Uint8Array() });
  const options = { stream: things.stream.name, durable: things.consumer.durable, concurrency: 50, ackWaitMs: 200 };
  const reading = things.broker.subscribe(options, async () => {
    throw new Error("it never answers");
  });
  const { stream } = stewardDurable(things.topology);
  const filter = stewardDurable(things.topology).settings.filterSubjects[0] ?? "";
  await eventually(async () => (await things.admin.countMessages(stream, filter)) === count);
  await reading.stop();
  return ids;
}

async function expectLetters(things: KeptThings, ids: readonly string[]): Promise<void> {
  await eventually(async () =>
    expect((await things.letters()).map(({ headers }) => String(headers["ce-id"])).toSorted()).toEqual(ids.toSorted()),
  );
}

it("does all its work, tells how it is, and ends cleanly when it is told to", async () => {
  const things = await system();
  const ids = await giveUp(things, 3);
  await things.commit("k", 2);
  await things.relay();
  await things.admin.purgeStream(things.stream.name, { subject: things.stream.subjects[1] ?? "" });

  const steward = await start(things);
  const url = await urlOf(steward);
  expect((await fetch(`${url}/health/live`)).status).toBe(200);
  await expectLetters(things, ids);
  const metrics = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const { stream, consumer } = things;
  await eventually(async () => {
    const text = await metrics();
    expect(text).toContain(`tandem_steward_mended_total{stream="${stream.name}"} 2`);
    expect(text).toContain('tandem_steward_advisories_total{outcome="dead_lettered"} 3');
    expect(text).toContain(`tandem_steward_ghost_messages{stream="${stream.name}",subject="${stream.subjects[0]}"} 3`);
    expect(text).toContain(
      `tandem_steward_dead_letters{service="${consumer.service}",channel="thingMade",version="v1"} 3`,
    );
    expect(text).toContain(`tandem_steward_outbox_rows{service="${things.maker}"} 0`);
    expect(text).toContain('tandem_steward_runs_total{part="retention",outcome="done"} 1');
  });
  const ready = await fetch(`${url}/health/ready`);
  expect(await ready.json()).toMatchObject({ service: "steward", status: "ready", reasons: [] });
  expect(await steward.stop()).toEqual({ code: 0, signal: null });
});

it("leaves one letter each when it is killed between storing one and saying so", async () => {
  const things = await system();
  const ids = await giveUp(things, 5);
  for (const time of [1, 2]) {
    const killed = await start(things, [], { TANDEM_FAILPOINT: `after-letter-before-advisory-ack:${time}` });
    expect((await killed.exited).signal).toBe("SIGKILL");
  }
  const [one, two] = [await start(things), await start(things)];
  // Both are up: one that is told to end before it listens for that would die of it.
  await Promise.all([urlOf(one), urlOf(two)]);
  await expectLetters(things, ids);
  const { stream, name } = stewardDurable(things.topology);
  await eventually(async () => {
    const { pending, ackPending } = (await things.admin.durable(stream, name)) ?? {};
    return pending === 0 && ackPending === 0;
  });
  await expectLetters(things, ids);
  expect([(await one.stop()).code, (await two.stop()).code]).toEqual([0, 0]);
});

it("publishes a lost event again once, when it is killed before it notes that", async () => {
  const things = await system();
  const ids = await things.commit("k", 3);
  await things.relay();
  const [, v2 = ""] = things.stream.subjects;
  await things.admin.purgeStream(things.stream.name, { subject: v2 });
  const killed = await start(things, ["--once"], { TANDEM_FAILPOINT: "after-mend-before-record" });
  expect((await killed.exited).signal).toBe("SIGKILL");
  const again = async () => (await things.onStream()).filter(({ subject }) => subject === v2);
  expect(await again()).toHaveLength(1);
  const [one, two] = await Promise.all([start(things, ["--once"]), start(things, ["--once"])]);
  expect([await one.exited, await two.exited].map(({ code }) => code)).toEqual([0, 0]);
  expect((await again()).map(({ eventId }) => eventId)).toEqual(ids);
});

it("does everything once, reports, and says whether all is in order", async () => {
  const things = await system();
  const ids = await giveUp(things, 2);
  const steward = await start(things, ["--once"]);
  const ended = await steward.exited;
  expect(steward.tail().join("\n")).toContain("advisories: 2 dead lettered");
  expect(steward.tail().at(-1)).toBe("in order");
  expect(ended.code).toBe(0);
  await expectLetters(things, ids);

  await things.admin.deleteStream(things.stream.name);
  const failed = await start(things, ["--once"]);
  expect((await failed.exited).code).toBe(1);
  expect(failed.tail().join("\n")).toContain(`Stream ${things.stream.name} does not exist`);
});

it("waits for servers that are not there, and says what it waits for", async () => {
  const things = await system();
  const steward = await start(things, [], { NATS_URL: "nats://127.0.0.1:1" });
  const url = await urlOf(steward);
  const ready = await fetch(`${url}/health/ready`);
  expect(ready.status).toBe(503);
  expect(await ready.text()).toContain("the advisories are not read yet");
  expect((await steward.stop()).code).toBe(0);
});
