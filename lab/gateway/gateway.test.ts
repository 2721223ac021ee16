import { mkdtemp, rm, writeFile, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import type { Rule } from "./behaviour.ts";
import { startGateway, type RunningGateway } from "./gateway.ts";

let running: RunningGateway | undefined;
afterEach(() => running?.stop());

async function start(...rules: readonly Rule[]): Promise<RunningGateway> {
  running = await startGateway();
  running.behave(...rules);
  return running;
}

/** What the gateway may say. */
interface Body {
  readonly status?: string;
  readonly charge_id?: string;
  readonly amount?: unknown;
  readonly error?: string;
}

async function answerOf(call: Promise<Response>): Promise<{ status: number; body: Body }> {
  const response = await call;
  return { status: response.status, body: JSON.parse(await response.text()) };
}

function charge(gateway: RunningGateway, key: string, amount = 900, signal?: AbortSignal) {
  return answerOf(
    fetch(`${gateway.url}/charges`, {
      method: "POST",
      headers: { "Idempotency-Key": key },
      body: JSON.stringify({ amount, currency: "EUR" }),
      signal: signal ?? null,
    }),
  );
}

function refund(gateway: RunningGateway, key: string) {
  return answerOf(fetch(`${gateway.url}/charges/${key}/refund`, { method: "POST" }));
}

function kinds(gateway: RunningGateway): string[] {
  return gateway.entries.map(({ key, kind }) => `${key} ${kind}`);
}

/** Gives up on a call as soon as the gateway has received it, as a caller whose patience is over. */
async function abandonedCharge(gateway: RunningGateway, key: string): Promise<void> {
  const patience = new AbortController();
  const before = gateway.calls.charge;
  const call = charge(gateway, key, 900, patience.signal);
  await expect.poll(() => gateway.calls.charge, { interval: 2 }).toBe(before + 1);
  patience.abort();
  await expect(call).rejects.toThrow(/abort/);
}

it("captures once per key, however often it is asked, also at once", async () => {
  const gateway = await start();
  const answers = await Promise.all(Array.from({ length: 10 }, () => charge(gateway, "a")));
  expect(new Set(answers.map(({ body }) => body.charge_id)).size).toBe(1);
  expect(answers.every(({ status }) => status === 201)).toBe(true);
  expect(kinds(gateway)).toEqual(["a captured"]);
});

it("refuses another amount under a used key", async () => {
  const gateway = await start();
  await charge(gateway, "a", 900);
  expect(await charge(gateway, "a", 901)).toMatchObject({ status: 409 });
  expect(kinds(gateway)).toEqual(["a captured"]);
});

it("gives a captured amount back once, and never captures that key again", async () => {
  const gateway = await start();
  const { body } = await charge(gateway, "a");
  expect((await refund(gateway, "a")).body).toEqual({
    status: "refunded",
    charge_id: body.charge_id,
    amount: body.amount,
  });
  expect((await refund(gateway, "a")).body).toMatchObject({ status: "refunded" });
  expect(await charge(gateway, "a")).toMatchObject({ status: 409, body: { status: "refunded" } });
  expect(kinds(gateway)).toEqual(["a captured", "a refunded"]);
});

it("voids a key that captured nothing, so that a late charge finds the door shut", async () => {
  const gateway = await start();
  expect((await refund(gateway, "a")).body).toEqual({ status: "voided" });
  expect(await charge(gateway, "a")).toMatchObject({ status: 409, body: { status: "voided" } });
  expect(kinds(gateway)).toEqual(["a voided"]);
});

it("declines what it was told to decline, for good", async () => {
  const gateway = await start({ mode: "decline", amount: 4200, times: 1, reason: "expired" });
  expect(await charge(gateway, "a", 900)).toMatchObject({ status: 201 });
  expect(await charge(gateway, "b", 4200)).toMatchObject({
    status: 402,
    body: { status: "declined", reason: "expired" },
  });
  expect(await charge(gateway, "b", 4200)).toMatchObject({ status: 402 });
  expect(await charge(gateway, "c", 4200)).toMatchObject({ status: 201 });
});

it("answers the status it was told to for the next calls only", async () => {
  const gateway = await start({ mode: "error", times: 2, status: 503 });
  expect([await charge(gateway, "a"), await charge(gateway, "a"), await charge(gateway, "a")]).toMatchObject([
    { status: 503 },
    { status: 503 },
    { status: 201 },
  ]);
});

it("hangs without doing anything, and lies by doing it without an answer", async () => {
  const gateway = await start({ mode: "hang", key: "silent" }, { mode: "lie", key: "liar" });
  await abandonedCharge(gateway, "silent");
  await abandonedCharge(gateway, "liar");
  expect(kinds(gateway)).toEqual(["liar captured"]);
});

it("lies by doing it and answering that it failed", async () => {
  const gateway = await start({ mode: "lie", status: 502, times: 1 });
  expect(await charge(gateway, "a")).toMatchObject({ status: 502 });
  expect(await charge(gateway, "a")).toMatchObject({ status: 201 });
  expect(kinds(gateway)).toEqual(["a captured"]);
});

it("is slow for callers that have gone, too: the capture still happens", async () => {
  const gateway = await start({ mode: "slow", delayMs: 300, times: 1 });
  await abandonedCharge(gateway, "a");
  await expect.poll(() => kinds(gateway)).toEqual(["a captured"]);
});

it.each([
  ["PUT", "/behaviour", "{", 400, /JSON/],
  ["PUT", "/behaviour", "{}", 400, /array of rules/],
  ["PUT", "/behaviour", '[{"mode":"explode"}]', 400, /Rule 0: mode must be one of decline/],
  ["PUT", "/behaviour", '[{"mode":"hang"},{"times":0,"mode":"hang"}]', 400, /Rule 1: times/],
  ["PUT", "/behaviour", '[{"__proto__":1}]', 400, /no field "__proto__"/],
  ["PUT", "/behaviour", '[{"amount":1}]', 400, /needs a mode/],
  ["POST", "/charges", '{"amount":900,"currency":"EUR"}', 400, /Idempotency-Key/],
  ["POST", "/charges/%E0%A4%A/refund", "", 400, /URI/],
  ["DELETE", "/ledger", "", 404, /no DELETE \/ledger/],
])("answers %s %s %s with %i", async (method, path, body, status, text) => {
  const gateway = await start();
  const init: RequestInit = { method, ...(body === "" ? {} : { body }) };
  const answer = await answerOf(fetch(gateway.url + path, init));
  expect(answer.status).toBe(status);
  expect(answer.body.error).toMatch(text);
});

it("shows its ledger, its rules and its health", async () => {
  const gateway = await start({ mode: "hang", key: "x" });
  await charge(gateway, "a");
  const read = async (path: string) => (await fetch(gateway.url + path)).json();
  expect(await read("/health")).toEqual({ status: "ok" });
  expect(await read("/behaviour")).toEqual([{ mode: "hang", key: "x" }]);
  expect(await read("/ledger")).toMatchObject({ entries: [{ kind: "captured", key: "a" }], calls: { charge: 1 } });
});

it("keeps its ledger over a restart, an unfinished last line aside", async () => {
  const folder = await mkdtemp(join(tmpdir(), "tandem-gateway-"));
  const ledgerFile = join(folder, "ledger.jsonl");
  try {
    const first = await startGateway({ ledgerFile });
    const { body } = await charge(first, "a");
    await first.stop();
    await writeFile(ledgerFile, `${await readFile(ledgerFile, "utf8")}{"kind":"capt`);
    const second = await startGateway({ ledgerFile });
    expect((await charge(second, "a")).body.charge_id).toBe(body.charge_id);
    await charge(second, "b");
    await second.stop();
    running = await startGateway({ ledgerFile });
    expect(kinds(running)).toEqual(["a captured", "b captured"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
