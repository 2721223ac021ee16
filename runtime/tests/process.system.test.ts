import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { processesForTests } from "./things-process.ts";
import { rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const run = processesForTests();

async function rigForTest(): Promise<Rig> {
  return openRig({ natsUrl: nats.url, databaseUrl: database.url });
}

describe("the process of a service", () => {
  it("prints its settings with defaults and units, and needs nothing for that", async () => {
    const help = run({}, ["--help"]);
    expect(await help.ended).toBe(0);
    expect(help.stdout).toMatch(/^taker: Takes things\.\n/);
    expect(help.stdout).toMatch(/DATABASE_URL +\(required\) +URL +\S/);
    expect(help.stdout).toMatch(/SHUTDOWN_GRACE +20000 +ms +\S/);
    expect(help.stdout).toMatch(/SHELF +upper +upper \| lower +Where things go\./);
  });

  it("ends with 78 and every problem when its environment is wrong, with 64 when its arguments are", async () => {
    const wrong = run({ HTTP_PORT: "x", SHELF: "floor" });
    expect(await wrong.ended).toBe(78);
    expect(wrong.stderr).toMatch(
      /CONFIG_INVALID: 3 settings are wrong:\n {2}DATABASE_URL .*\n {2}HTTP_PORT .*\n {2}SHELF must be one of upper, lower, and is "floor"\n$/,
    );
    expect(wrong.stdout).toBe("");
    expect(await run({}, ["--version"]).ended).toBe(64);
  });

  it("logs every line with its service, and those of a delivery with where it stands, on stdout and in the file", async () => {
    const rig = await rigForTest();
    const directory = await mkdtemp(join(tmpdir(), "tandem-log-"));
    try {
      const file = join(directory, "taker.json");
      const service = run({ ...rig.env, LOG_FILE: file, SHELF: "lower" });
      const envelope = await rig.publishThing("t-logged");
      await eventually(() => service.stdout.includes('"taking"'));
      service.child.kill("SIGTERM");
      expect(await service.ended).toBe(0);
      const lines = service.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      expect(lines.every(({ service: name }) => name === rig.contract.taker.name)).toBe(true);
      expect(lines.find(({ msg }) => msg === "taking")).toMatchObject({
        level: "info",
        shelf: "lower",
        correlationId: "c-t-logged",
        eventId: envelope.eventId,
        event: "things.made.v1",
        subject: rig.contract.thingMadeV1.subject,
        sequence: 1,
        delivery: 1,
      });
      expect(lines.at(-1)?.msg).toBe("stopped");
      expect(await readFile(file, "utf8")).toBe(service.stdout);
    } finally {
      await rm(directory, { recursive: true });
    }
  });

  it("ends at once at the second signal, and what was in hand comes again", async () => {
    const rig = await rigForTest();
    const service = run({ ...rig.env, TAKE_MS: "30000" });
    await rig.publishThing("unhurried");
    await eventually(() => service.stdout.includes('"taking"'));
    service.child.kill("SIGTERM");
    await eventually(() => service.stdout.includes('"stopping"'));
    service.child.kill("SIGINT");
    expect(await service.ended).toBe(1);
    expect(await rig.rows(`select 1 from "${rig.contract.taker.name}".tandem_inbox`)).toEqual([]);
    expect((await rig.admin.durable(rig.contract.stream, `${rig.contract.taker.name}-thingMade-v1`))?.ackPending).toBe(
      1,
    );
  });

  it("ends with 1 and says why when something fails that nobody caught", async () => {
    const rig = await rigForTest();
    const service = run(rig.env);
    await rig.publishThing("uncaught");
    expect(await service.ended).toBe(1);
    const last = JSON.parse(service.stdout.trim().split("\n").at(-1) ?? "{}");
    expect(last).toMatchObject({
      level: "fatal",
      origin: "unhandledRejection",
      err: { message: "nobody awaits this" },
    });
  });
});
