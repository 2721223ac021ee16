import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { startProcess } from "../../lab/system/process.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { verifyCommand } from "./command.ts";
import type { Report } from "./verdict.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const env = { NATS_URL: nats.url, DATABASE_URL: database.url };

/** Services that take a cancelled order and do nothing, and the event of one. */
async function rigWithAnEvent() {
  const rig = await letterRig({ natsUrl: nats.url, databaseUrl: database.url });
  onTestFinished(() => rig.close());
  const [order] = await Promise.all([rig.startOrder(), rig.startInventory({}), rig.startPayment({})]);
  await order.context.transact({ correlationId: "c-1", causationId: "c-1" }, async ({ publish }) => {
    publish.orderCancelled({ order_id: randomUUID(), reason: "deadline_passed" });
  });
  await eventually(async () => (await rig.admin.countMessages("ORDERS", "orders.cancelled.v1")) > 0);
  await rig.atRest("inventory-orderCancelled-v1");
  await rig.atRest("payment-orderCancelled-v1");
  return rig;
}

async function verify(...argv: string[]) {
  const lines: string[] = [];
  const code = await verifyCommand.run(argv, { env, print: (text) => void lines.push(text) });
  return { code, text: lines.join("\n") };
}

const ofProcess = async (variables: Record<string, string>, ...argv: string[]) => {
  const started = startProcess({ name: "verify", file: "ops/main.ts", arguments: ["verify", ...argv], env: variables });
  const { code } = await started.exited;
  return { code, printed: started.tail().join("\n") };
};

it("says in a table, as JSON and by its exit code whether the books balance", async () => {
  const rig = await rigWithAnEvent();
  const holds = await verify("--grace", "0");
  expect(holds.text).toMatch(/^✓ +I6 every event on a stream .* tandem +1 +0 +0 +0$/m);
  expect(holds).toMatchObject({ code: 0, text: expect.stringMatching(/all hold$/) });

  const { eventId } = await rig.cancelled();
  await rig.atRest("inventory-orderCancelled-v1");
  const broken = await verify("--grace", "0");
  expect(broken.code).toBe(1);
  expect(broken.text).toMatch(/^✗ +I6 every event on a stream .* tandem +2 +0 +0 +1$/m);
  expect(broken.text).toMatch(new RegExp(`✗ I6 \\(tandem\\)\\n.*stream ORDERS .*${eventId}.*no outbox knows it`));
  const report: Report = JSON.parse((await verify("--json")).text);
  expect(report).toMatchObject({ contract: "Orders", holds: false });
  expect(report.verdicts.find(({ invariant }) => invariant === "I6")?.examples).toMatchObject([{ eventId }]);
});

it("holds to a floor: enough events, and none on its way", async () => {
  await rigWithAnEvent();
  const floored = async (floor: string) => {
    const { verdicts }: Report = JSON.parse((await verify("--json", "--floor", floor)).text);
    return verdicts.find(({ invariant }) => invariant === "I15");
  };
  expect(await eventually(async () => (await floored("1"))?.violations === 0)).toBe(true);
  expect(await floored("100000")).toMatchObject({ violations: 1, examples: [{ floor: 100_000 }] });
});

it("looks again and again, and serves what it found, until it is told to stop", async () => {
  const rig = await rigWithAnEvent();
  const told = new AbortController();
  const lines: string[] = [];
  const code = verifyCommand.run(["--watch", "1", "--metrics-port", "0"], {
    env,
    print: (text) => void lines.push(text),
    whenTold: () => told.signal,
  });
  const url = await eventually(() => /^metrics at (\S+)$/.exec(lines[0] ?? "")?.[1] ?? false);
  const ghosts = async () => {
    const text = await (await fetch(url)).text();
    return /^tandem_verify_violations\{invariant="I6",by="tandem"\} (\d+)$/m.exec(text)?.[1] ?? "";
  };
  const before = Number(await eventually(async () => (await ghosts()) || false));
  await rig.cancelled();
  await eventually(async () => Number(await ghosts()) === before + 1);
  told.abort();
  expect(await code).toBe(1);
  expect(lines.length).toBeGreaterThan(2);
});

it("goes on watching when a look does not work, and counts it", async () => {
  const told = new AbortController();
  onTestFinished(() => told.abort());
  const lines: string[] = [];
  const code = verifyCommand.run(["--watch", "1", "--metrics-port", "0"], {
    // Nothing listens on port 1.
    env: { ...env, DATABASE_URL: "postgres://nobody@127.0.0.1:1/nothing" },
    print: (text) => void lines.push(text),
    whenTold: () => told.signal,
  });
  const url = await eventually(() => /^metrics at (\S+)$/.exec(lines[0] ?? "")?.[1] ?? false);
  await eventually(async () => /runs_total\{outcome="failed"\} [2-9]/.test(await (await fetch(url)).text()));
  expect(lines[1]).toMatch(/^It did not work: PostgreSQL does not answer/);
  told.abort();
  expect(await code).toBe(1);
});

describe("as a process", () => {
  it.each([
    [["--nonsense"]],
    [["--watch", "soon"]],
    [["--grace", "-1"]],
    [["--metrics-port", "0"]],
    [["--floor", "x"]],
  ])("answers 2 to %s", async (argv) => {
    const { code, printed } = await ofProcess(env, ...argv);
    expect([code, printed]).toEqual([2, expect.stringContaining("See tandem verify --help")]);
  });

  it("answers 1 without a database, and says what to set", async () => {
    const { code, printed } = await ofProcess({ ...env, DATABASE_URL: "" });
    expect([code, printed]).toEqual([1, expect.stringContaining("Set DATABASE_URL")]);
  });
});
