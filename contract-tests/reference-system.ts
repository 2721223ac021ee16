/** The reference system on real servers, and a customer's and an operator's view of it, for the tests of one file. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAdmin, type StoredMessage } from "@tandem/runtime/admin";
import { afterAll, beforeAll, expect } from "vitest";
import type { OrderStatus } from "#generated/http/get-order.ts";
import { settled as untilSettled } from "../lab/demo/settled.ts";
import type { LedgerEntry } from "../lab/gateway/ledger.ts";
import { readAccepted, readLedger, readStatus } from "../lab/system/answers.ts";
import { startSystem, type System } from "../lab/system/system.ts";
import { eventually } from "../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../lab/testing/servers.ts";

/** How long messages may stay unsettled, milliseconds. */
const SETTLING_MS = 5_000;
const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS"];

export const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const directory = await mkdtemp(join(tmpdir(), "tandem-flow-"));
const admin = await openAdmin({ servers: [natsUrl] });

/** The running system, from the first test on. */
export let system: System;

beforeAll(async () => {
  system = await startSystem({ natsUrl, databaseUrl, directory });
});

afterAll(async () => {
  await system?.stop();
  await admin.close();
  await rm(directory, { recursive: true, force: true });
});

/** Orders over HTTP, and expects to be accepted. */
export async function place(
  items: readonly { readonly product_id: string; readonly quantity: number }[],
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly id: string }> {
  const response = await fetch(`${system.url}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ items }),
  });
  expect(response.status).toBe(202);
  const body = await readAccepted(response);
  expect(body.status).toBe("processing");
  expect(response.headers.get("location")).toBe(`/orders/${body.order_id}`);
  expect(response.headers.get("x-correlation-id")).toBeTruthy();
  return { id: body.order_id };
}

/** Waits until the order is confirmed or cancelled. */
export async function decided(id: string): Promise<OrderStatus> {
  return eventually(async () => {
    const response = await fetch(`${system.url}/orders/${id}`);
    const order = await readStatus(response);
    expect(order.status).not.toBe("processing");
    return order;
  });
}

/** Replaces the rules of the gateway; none makes every call go well. */
export async function tellGateway(rules: readonly object[]): Promise<void> {
  const response = await fetch(`${system.gateway.url}/behaviour`, { method: "PUT", body: JSON.stringify(rules) });
  expect(response.ok).toBe(true);
}

/** What the gateway's own ledger has of an order. */
export async function charges(id: string): Promise<readonly Partial<LedgerEntry>[]> {
  const response = await fetch(`${system.gateway.url}/ledger`);
  const entries = await readLedger(response);
  return entries
    .filter(({ key }) => key === id)
    .map((entry) => ("amount" in entry ? { kind: entry.kind, amount: entry.amount } : { kind: entry.kind }));
}

/** The events of one order, as they were stored. */
export async function eventsOf(id: string): Promise<readonly StoredMessage[]> {
  const found: StoredMessage[] = [];
  for (const stream of STREAMS) {
    for await (const message of admin.readStream(stream, { follow: false })) {
      if (message.headers["ce-subject"] === id) found.push(message);
    }
  }
  return found.sort((a, b) => a.storedAt - b.storedAt || a.sequence - b.sequence);
}

export async function deadLetterOf(stream: string, sequence: number): Promise<StoredMessage> {
  return eventually(async () => {
    for await (const message of admin.readStream("DEAD_LETTERS", { follow: false })) {
      const { headers } = message;
      if (headers["dlq-stream"] === stream && headers["dlq-sequence"] === String(sequence)) return message;
    }
    throw new Error(`there is no dead letter for ${stream}:${sequence}`);
  });
}

/** Waits until every durable has settled what it was given. */
export async function settled(): Promise<void> {
  await untilSettled(admin, STREAMS, SETTLING_MS);
}
