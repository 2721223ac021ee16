/** The demo's course: servers, generated code, system, orders, verdict. */
import { fileURLToPath } from "node:url";
import { type Admin, openAdmin } from "@tandem/runtime/admin";
import { run as codegen } from "../../codegen/main.ts";
import type { Rule } from "../gateway/behaviour.ts";
import { type Servers, startServers } from "../servers/servers.ts";
import { readLedger } from "../system/answers.ts";
import { startSystem, type System } from "../system/system.ts";
import { DECLINED_AMOUNT, ORDERS } from "./orders.ts";
import { decided, placeOrder, type PlacedOrder } from "./shop.ts";
import { settled } from "./settled.ts";
import type { Steps } from "./steps.ts";
import { formatTable } from "./table.ts";
import { followStreams, type TracedEvent } from "./trace.ts";
import { findFaults, type Outcome } from "./verdict.ts";

/** How long an order may stay undecided, milliseconds. */
const DECISION_LIMIT_MS = 20_000;
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));
const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS", "DEAD_LETTERS"];

/** Everything that the demo started; `main.ts` stops it, however the demo ends. */
export interface Running {
  servers?: Servers;
  system?: System;
  admin?: Admin;
}

export interface DemoOptions {
  readonly steps: Steps;
  readonly print: (text: string) => void;
  /** Where the logs of the processes go. */
  readonly directory: string;
  /** Filled as things start. */
  readonly running: Running;
}

/** Runs the demo. Answers what is not as it has to be, in sentences. */
export async function runDemo({ steps, print, directory, running }: DemoOptions): Promise<readonly string[]> {
  const servers = await steps.run("generated code is up to date, nats-server and PostgreSQL run", async (report) => {
    const [started] = await Promise.all([startServers({ onProgress: report }), checkDrift()]);
    return started;
  });
  running.servers = servers;
  const system = await steps.run(
    "streams are provisioned; order, inventory, payment, steward and the gateway are ready",
    () => startSystem({ natsUrl: servers.natsUrl, databaseUrl: servers.databaseUrl, directory, steward: true }),
  );
  running.system = system;
  running.admin = await openAdmin({ servers: servers.natsUrl.split(","), name: "tandem demo" });

  await tellGateway(system, [{ mode: "decline", amount: DECLINED_AMOUNT }]);
  print("");
  const placed = new Map<string, Promise<PlacedOrder>>();
  const showing: Promise<void>[] = [];
  const trace = await followStreams(running.admin, STREAMS, (event) => {
    const order = placed.get(event.correlationId);
    if (order) showing.push(order.then((known) => print(inTrace(known, event))));
  });

  const run = Date.now().toString(36);
  const outcomes = await Promise.all(
    ORDERS.map(async (order): Promise<Outcome> => {
      const correlationId = `demo-${run}-${order.label}`;
      const placing = placeOrder(system.url, order, correlationId);
      placed.set(correlationId, placing);
      const known = await placing;
      return { placed: known, status: await decided(system.url, known, DECISION_LIMIT_MS) };
    }),
  );
  await settled(running.admin, STREAMS, DECISION_LIMIT_MS);
  await trace.stop();
  await Promise.all(showing);

  print(`\n${formatTable(["order", "asked", "ended", "why"], outcomes.map(inTable))}\n`);
  return findFaults(outcomes, await readLedger(await fetch(`${system.gateway.url}/ledger`)), trace.deadLetters);
}

/** What `--keep` prints. */
export function addresses({ servers, system }: Running, directory: string): string {
  const rows = [
    ...[...Object.values(system?.services ?? {}), ...(system?.steward ? [system.steward] : [])].map(({ name, url }) => [
      name,
      url,
      `${url}/health  ${url}/metrics`,
    ]),
    ["gateway", system?.gateway.url ?? "", `${system?.gateway.url}/ledger`],
    ["NATS", servers?.natsUrl ?? "", ""],
    ["PostgreSQL", servers?.databaseUrl ?? "", ""],
    ["logs", directory, ""],
  ];
  return formatTable(["what", "where", ""], rows);
}

async function checkDrift(): Promise<void> {
  const messages: string[] = [];
  const keep = (text: string) => messages.push(text);
  const code = await codegen(["--check"], { cwd: REPOSITORY, stdout: keep, stderr: keep });
  if (code !== 0) throw new Error(messages.join("\n"));
}

async function tellGateway({ gateway }: System, rules: readonly Rule[]): Promise<void> {
  const response = await fetch(`${gateway.url}/behaviour`, { method: "PUT", body: JSON.stringify(rules) });
  if (!response.ok) throw new Error(`The gateway did not take its rules: ${await response.text()}`);
}

function inTrace({ order, sentAt }: PlacedOrder, { event, version, service, storedAt }: TracedEvent): string {
  const ms = `+${Math.max(0, storedAt - sentAt)} ms`;
  return `  ${order.label.padEnd(8)}${ms.padStart(9)}   ${event.padEnd(20)}${version.padEnd(5)}${service}`;
}

function inTable({ placed: { order, id }, status }: Outcome): readonly string[] {
  const why = status.reason ?? (status.total ? `paid ${inMoney(status.total.amount)} ${status.total.currency}` : "");
  return [`${order.label} ${id.slice(0, 8)}`, order.asked, status.status, why];
}

function inMoney(minorUnits: number): string {
  return (minorUnits / 100).toFixed(2);
}
