/** The reference system while the payment gateway is down, lies, or is killed around: real servers, real processes. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAdmin } from "@tandem/runtime/admin";
import { Client } from "pg";
import { afterEach, expect, it } from "vitest";
import { settled } from "../lab/demo/settled.ts";
import type { Rule } from "../lab/gateway/behaviour.ts";
import { readAccepted, readLedger, readStatus } from "../lab/system/answers.ts";
import type { RunningService } from "../lab/system/ready.ts";
import { startSystem, type System } from "../lab/system/system.ts";
import { eventually } from "../lab/testing/eventually.ts";
import { databaseForTest, natsServerForTest } from "../lab/testing/servers.ts";

const WINDOW_MS = 200;
const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS"];
/** What a killed process had in hand comes again only after the ack wait of the contract, half a minute. */
const AFTER_A_KILL = { deadlineMs: 70_000 };
/** What the contract's processes are given to live through an outage in a test's time. */
const IMPATIENT = { GATEWAY_TIMEOUT: "1000", GATEWAY_HALF_OPEN_AFTER: String(WINDOW_MS) };

const nats = await natsServerForTest();
const database = await databaseForTest();

let close: (() => Promise<void>) | undefined;
afterEach(async () => {
  await close?.();
  close = undefined;
});

/** A system, and how a test talks to it. */
async function start(env: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const directory = await mkdtemp(join(tmpdir(), "tandem-outage-"));
  const system = await startSystem({ natsUrl: nats.url, databaseUrl: database.url, directory, env });
  const admin = await openAdmin({ servers: [nats.url] });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  close = async () => {
    await system.stop();
    await client.end();
    await admin.close();
    await rm(directory, { recursive: true, force: true });
  };
  return { system, admin, client };
}

async function tellGateway({ gateway }: System, ...rules: readonly Rule[]): Promise<void> {
  const response = await fetch(`${gateway.url}/behaviour`, { method: "PUT", body: JSON.stringify(rules) });
  expect(response.ok).toBe(true);
}

async function place({ url }: System, count: number): Promise<string[]> {
  const body = JSON.stringify({ items: [{ product_id: "tea-250", quantity: 1 }] });
  const headers = { "content-type": "application/json" };
  const answers = await Promise.all(
    Array.from({ length: count }, () => fetch(`${url}/orders`, { method: "POST", headers, body })),
  );
  return Promise.all(answers.map(async (response) => (await readAccepted(response)).order_id));
}

async function statusOf({ url }: System, id: string): Promise<string> {
  const { status, reason } = await readStatus(await fetch(`${url}/orders/${id}`));
  return reason === undefined ? status : `${status}: ${reason}`;
}

async function allAre(system: System, ids: readonly string[], status: string, within = {}): Promise<void> {
  await eventually(async () => {
    const found = await Promise.all(ids.map(async (id) => statusOf(system, id)));
    expect(found.filter((each) => each !== status)).toEqual([]);
  }, within);
}

/** What became of the money of each order: `captured`, `captured, refunded`, ... */
async function ledger({ gateway }: System, ids: readonly string[]): Promise<string[]> {
  const entries = await readLedger(await fetch(`${gateway.url}/ledger`));
  return ids.map((id) => entries.flatMap(({ key, kind }) => (key === id ? [kind] : [])).join(", "));
}

/** How often the gateway was called so far. */
async function calls({ gateway }: System): Promise<number> {
  const body: unknown = await (await fetch(`${gateway.url}/ledger`)).json();
  const counts: unknown = typeof body === "object" && body !== null && "calls" in body ? body.calls : undefined;
  return Object.values(typeof counts === "object" && counts !== null ? counts : {}).reduce<number>(
    (sum, count) => sum + Number(count),
    0,
  );
}

function paymentOf({ services }: System): RunningService {
  const { payment } = services;
  if (payment === undefined) throw new Error("the system has no payment service");
  return payment;
}

async function leftAlone(service: RunningService): Promise<boolean> {
  return (await (await fetch(`${service.url}/health/ready`)).text()).includes("gateway is ");
}

it("is down for many windows, and the holder of the lease is killed: all that can be paid is, once", async () => {
  // The tries of one call open the breaker: with fewer failures a delivery is spent, as it is for any other failure.
  const { system, admin, client } = await start({ payment: { ...IMPATIENT, GATEWAY_BREAK_AFTER: "3" } });
  const payments = [paymentOf(system), await system.startReplica("payment"), await system.startReplica("payment")];
  await tellGateway(system, { mode: "error", status: 503 });
  const ids = await place(system, 120);
  await eventually(async () => (await Promise.all(payments.map(leftAlone))).every(Boolean));
  const first = { calls: await calls(system), at: Date.now() };
  let last = first;
  await eventually(async () => {
    last = { calls: await calls(system), at: Date.now() };
    return last.calls >= first.calls + 10;
  });
  // However long it took: no more than one call in each window, over all three replicas.
  expect(last.calls - first.calls).toBeLessThanOrEqual(Math.ceil((last.at - first.at) / WINDOW_MS) + 1);
  const durable = async () => admin.durable("ORDERS", "payment-orderPayable-v1");
  expect(await durable()).toMatchObject({ redelivered: 0 });

  // Who tries gets no answer now, and holds the lease meanwhile.
  await tellGateway(system, { mode: "hang" });
  const killed = await eventually(async () => {
    const { rows } = await client.query<{ holder: string }>(
      "select holder from payment.tandem_leases where holder is not null and expires_at > clock_timestamp()",
    );
    const pid = /:(\d+) /.exec(rows[0]?.holder ?? "")?.[1];
    return payments.find(({ process }) => process.pid === Number(pid)) ?? false;
  });
  await killed.process.kill();
  const atDeath = await calls(system);
  await eventually(async () => (await calls(system)) > atDeath);

  await tellGateway(system);
  await allAre(system, ids, "confirmed", AFTER_A_KILL);
  expect(new Set(await ledger(system, ids))).toEqual(new Set(["captured"]));
  await settled(admin, STREAMS, 60_000);
  expect((await admin.stream("DEAD_LETTERS"))?.messages).toBe(0);
  const survivors = payments.filter(({ process }) => process !== killed.process);
  await eventually(async () => (await Promise.all(survivors.map(leftAlone))).every((down) => !down));
});

it("takes the money and the process is killed before its commit: one capture, and the order is confirmed", async () => {
  const { system } = await start({ payment: { ...IMPATIENT, TANDEM_FAILPOINT: "after-charge-before-commit:2" } });
  const ids = await place(system, 3);
  const { process } = paymentOf(system);
  expect((await process.exited).signal).toBe("SIGKILL");
  await system.startReplica("payment", undefined, { TANDEM_FAILPOINT: "" });
  await allAre(system, ids, "confirmed", AFTER_A_KILL);
  expect(await ledger(system, ids)).toEqual(["captured", "captured", "captured"]);
});

it("takes money without saying so, or says that it failed: nobody pays twice", async () => {
  const { system } = await start({ payment: IMPATIENT });
  await tellGateway(
    system,
    { mode: "lie", operations: ["charge"], times: 4 },
    { mode: "lie", status: 500, operations: ["charge"], times: 4 },
  );
  const ids = await place(system, 12);
  await allAre(system, ids, "confirmed");
  expect(new Set(await ledger(system, ids))).toEqual(new Set(["captured"]));
});

it("answers after the order was cancelled: what it took is given back", async () => {
  const { system, admin } = await start({
    order: { ORDER_DEADLINE: "1" },
    payment: { GATEWAY_TIMEOUT: "10000", GATEWAY_RETRIES: "0" },
  });
  await tellGateway(system, { mode: "slow", operations: ["charge"], delayMs: 4_000 });
  const ids = await place(system, 3);
  await allAre(system, ids, "cancelled: deadline_passed");
  await eventually(async () => {
    expect(await ledger(system, ids)).toEqual(ids.map(() => "captured, refunded"));
  });
  await settled(admin, STREAMS, 60_000);
  expect((await admin.stream("DEAD_LETTERS"))?.messages).toBe(0);
  expect(await Promise.all(ids.map(async (id) => statusOf(system, id)))).toEqual(
    ids.map(() => "cancelled: deadline_passed"),
  );
});
