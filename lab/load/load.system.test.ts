/** The load on a door of the test's own, and on the reference system, whose books balance under it. */
import { createServer, type RequestListener } from "node:http";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@tandem/runtime/admin";
import { describe, expect, it, onTestFinished } from "vitest";
import { verifyCommand } from "../../ops/verify/command.ts";
import type { Report } from "../../ops/verify/verdict.ts";
import { startProcess } from "../system/process.ts";
import { startSystem } from "../system/system.ts";
import { eventually } from "../testing/eventually.ts";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { databaseForTest, natsForTest } from "../testing/servers.ts";
import { readIntentLog } from "./intent-log.ts";

const nats = await natsForTest();
const database = await databaseForTest();

function start(...argv: string[]) {
  return startProcess({ name: "load", file: "lab/load/main.ts", arguments: argv });
}

async function load(...argv: string[]) {
  const started = start(...argv);
  const { code } = await started.exited;
  return { code, printed: started.tail().join("\n") };
}

/** A door until the end of the test. */
async function doorOf(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;
}

describe("on a door of the test's own", () => {
  it("writes down what was wanted before it is sent, and what was answered", async () => {
    const logFile = join(await scratchDirectory(), "intent.jsonl");
    const seen: { key: string; wasIntended: boolean }[] = [];
    const url = await doorOf((request, response) => {
      const key = String(request.headers["idempotency-key"]);
      void readFile(logFile, "utf8").then((text) => {
        seen.push({ key, wasIntended: text.includes(key) });
        // The third one never hears anything.
        if (seen.length === 3) return;
        response.statusCode = seen.length === 2 ? 503 : 202;
        response.end(JSON.stringify({ order_id: `order of ${key}` }));
      });
    });
    const { code, printed } = await load(
      "--url",
      url,
      "--rate",
      "5",
      "--seconds",
      "1",
      "--log",
      logFile,
      "--timeout",
      "500",
    );
    expect(code).toBe(1);
    expect(printed).toContain("5 intended, 3 accepted, 1 refused, 1 without an answer");
    expect(printed).toMatch(/p99\.9 +\d+\.\d ms/);
    expect(seen.map(({ wasIntended }) => wasIntended)).toEqual([true, true, true, true, true]);
    const intents = await readIntentLog(logFile);
    expect(intents.map(({ idempotencyKey }) => idempotencyKey).toSorted()).toEqual(
      seen.map(({ key }) => key).toSorted(),
    );
    const kinds = intents.map(({ outcome }) => outcome?.kind ?? "none");
    expect(kinds.toSorted((one, other) => one.localeCompare(other))).toEqual([
      ...["accepted", "accepted", "accepted", "no answer", "refused"],
    ]);
    const accepted = intents.flatMap(({ idempotencyKey, outcome }) =>
      outcome?.kind === "accepted" ? [[outcome.orderId, `order of ${idempotencyKey}`]] : [],
    );
    for (const [told, expected] of accepted) expect(told).toBe(expected);
    // One fifth of a second between any two, on paper.
    const times = intents.map(({ intendedAt }) => Date.parse(intendedAt));
    expect(times.map((time) => Math.round((time - (times[0] ?? 0)) / 10))).toEqual([0, 20, 40, 60, 80]);
  });

  it("sends again only where it was told to, with the same key", async () => {
    const keys: string[] = [];
    const url = await doorOf((request, response) => {
      keys.push(String(request.headers["idempotency-key"]));
      response.statusCode = keys.length === 1 ? 503 : 202;
      response.end(JSON.stringify({ order_id: "o" }));
    });
    expect((await load("--url", url, "--rate", "1", "--seconds", "1", "--retries", "1")).code).toBe(0);
    expect([keys.length, new Set(keys).size]).toEqual([2, 1]);
  });

  it("sends no more after Ctrl-C, and says what it has", async () => {
    let answered = 0;
    const url = await doorOf((_, response) => {
      answered += 1;
      response.statusCode = 202;
      response.end(JSON.stringify({ order_id: "o" }));
    });
    const running = start("--url", url, "--rate", "20", "--seconds", "600");
    await eventually(() => answered > 2);
    process.kill(running.pid, "SIGINT");
    expect((await running.exited).code).toBe(130);
    expect(running.tail().join("\n")).toMatch(/\d+ intended, \d+ accepted, 0 refused, 0 without an answer/);
  });

  it.each([
    [[]],
    [["--rate", "1"]],
    [["--rate", "x", "--seconds", "1"]],
    [["--rate", "1", "--seconds", "1", "--url", "x"]],
  ])("answers 2 to %j", async (argv) => {
    expect((await load(...argv)).code).toBe(2);
  });
});

it("reads a log whose last line was cut off, and says which request nobody answered", async () => {
  const path = join(await scratchDirectory(), "intent.jsonl");
  const intent = { intendedAt: "2026-01-01T00:00:00.000Z", idempotencyKey: "k", body: { items: [] } };
  await writeFile(path, `${JSON.stringify({ intent })}\n{"answer":{"idempotencyKey":"k","outc`);
  expect(await readIntentLog(path)).toEqual([{ ...intent, outcome: undefined, latencyMs: undefined }]);
});

it("loads the reference system, whose books balance meanwhile and afterwards", async () => {
  const servers = { natsUrl: nats.url, databaseUrl: database.url };
  const directory = await scratchDirectory();
  const system = await startSystem({ ...servers, directory });
  const look = async (): Promise<Report> => {
    const lines: string[] = [];
    const env = { NATS_URL: servers.natsUrl, DATABASE_URL: servers.databaseUrl };
    await verifyCommand.run(["--json", "--grace", "0"], { env, print: (text) => void lines.push(text) });
    return JSON.parse(lines.join("\n"));
  };
  const isBroken = ({ violations }: Report["verdicts"][number]): boolean => violations > 0;
  try {
    const logFile = join(directory, "intent.jsonl");
    const running = start("--url", system.url, "--rate", "25", "--seconds", "8", "--log", logFile);
    let moving = 0;
    while (running.exit === undefined) {
      const { verdicts } = await look();
      moving += verdicts.reduce((sum, { inFlight }) => sum + inFlight, 0);
      // Without a grace what waits for its relay at this moment is late, and nothing else.
      expect(verdicts.filter((verdict) => isBroken(verdict) && verdict.invariant !== "I5")).toEqual([]);
      const waiting = verdicts.find(({ invariant }) => invariant === "I5")?.examples ?? [];
      for (const { why } of waiting) expect(why).toMatch(/^it waits in the outbox/);
    }
    expect((await running.exited).code).toBe(0);
    // It was looked at while something moved.
    expect(moving).toBeGreaterThan(0);

    const intents = await readIntentLog(logFile);
    const accepted = intents.flatMap(({ outcome }) => (outcome?.kind === "accepted" ? [outcome.orderId] : []));
    const store = openStore(servers.databaseUrl, { readOnly: true });
    onTestFinished(() => store.close());
    const { rows } = await store
      .of("order")
      .query<{ key: string; order_id: string }>("select key, order_id from idempotency_keys");
    expect([accepted.length, new Set(accepted).size, rows.length]).toEqual([200, 200, 200]);
    const orders = new Map(rows.map(({ key, order_id }) => [key, order_id]));
    for (const { idempotencyKey, outcome } of intents) {
      expect(outcome).toMatchObject({ kind: "accepted", orderId: orders.get(idempotencyKey) });
    }
    const report = await eventually(async () => {
      const found = await look();
      expect(found.verdicts.filter(({ inFlight }) => inFlight > 0)).toEqual([]);
      return found;
    });
    expect(report.verdicts.filter(isBroken)).toEqual([]);
  } finally {
    expect(await system.stop()).toEqual([]);
  }
});
