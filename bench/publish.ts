/**
 * `npm run bench:publish -- [rounds]`: what it costs to publish through the runtime, against the client's own
 * `js.publish`. One nats-server, one process, the same window, bytes, headers and message ids; the paths take turns. Above 1, tandem is faster, or cheaper.
 */
import { connect } from "@nats-io/transport-node";
import { pino } from "pino";
import { orderPayable } from "#generated/events/order-payable/event.ts";
import { startNatsServer } from "../lab/servers/nats-server.ts";
import { openAdmin } from "../runtime/nats/admin.ts";
import { openBroker } from "../runtime/nats/broker.ts";
import { clientPath, type PublishPath, readyClientPath, tandemPath } from "./publish-paths.ts";

const WINDOW = 256;
const EVENTS = 5_000;
const rounds = Number(process.argv[2] ?? 25);

await using server = await startNatsServer();
const broker = openBroker({
  servers: [server.url],
  name: "bench",
  log: pino({ level: "silent" }),
  publishWindow: WINDOW,
});
const client = await connect({ servers: [new URL(server.url).host], noAsyncTraces: true });
const admin = await openAdmin({ servers: [server.url] });
await admin.createStream("BENCH", { subjects: orderPayable.versions.map(({ subject }) => subject) });

const paths = [tandemPath(broker), clientPath(client), readyClientPath(client)];
const results = paths.map((path) => ({ path, rates: [] as number[], costs: [] as number[] }));
// The first round is for the compiler.
for (let round = 0; round <= rounds; round += 1) {
  for (const { path, rates, costs } of results) {
    const { rate, cost } = await measure(path);
    if (round === 0) continue;
    rates.push(rate);
    costs.push(cost);
  }
}

console.log(`${rounds} rounds of ${EVENTS} events, ${WINDOW} at a time, on nats-server ${admin.server.version}`);
const rows = results.flatMap(({ path: { name }, rates, costs }) => [
  [`${name}: events/s`, spread(rates, 0)],
  [`${name}: CPU of this process, µs an event`, spread(costs, 1)],
]);
const [tandem, ...others] = results;
const ratios = others.flatMap(({ path: { name }, rates, costs }) => [
  [
    `tandem against ${name}: rate`,
    spread(
      rates.map((rate, round) => at(tandem?.rates, round) / rate),
      2,
    ),
  ],
  [
    `tandem against ${name}: CPU`,
    spread(
      costs.map((cost, round) => cost / at(tandem?.costs, round)),
      2,
    ),
  ],
]);
console.table(Object.fromEntries([...rows, ...ratios]));
await Promise.all([broker.close(), client.close(), admin.close()]);

/** Events a second, all acknowledged and all in the stream, and what one of them cost. */
async function measure(path: PublishPath): Promise<{ readonly rate: number; readonly cost: number }> {
  await admin.purgeStream("BENCH");
  const publish = path.prepare(EVENTS);
  const cpu = process.cpuUsage();
  const start = performance.now();
  await publish(EVENTS, WINDOW);
  const seconds = (performance.now() - start) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const stored = (await admin.stream("BENCH"))?.messages;
  if (stored !== EVENTS) throw new Error(`${path.name} stored ${stored} of ${EVENTS} events.`);
  return { rate: EVENTS / seconds, cost: (user + system) / EVENTS };
}

function at(values: readonly number[] | undefined, index: number): number {
  return values?.[index] ?? Number.NaN;
}

function spread(values: readonly number[], digits: number): Readonly<Record<"min" | "median" | "max", string>> {
  const sorted = values.toSorted((a, b) => a - b);
  const of = (share: number) => at(sorted, Math.round((sorted.length - 1) * share)).toFixed(digits);
  return { min: of(0), median: of(0.5), max: of(1) };
}
