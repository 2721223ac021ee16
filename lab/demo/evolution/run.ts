/** The evolution demo: a system on its first release, a change of a schema under load, a verdict. */
import { openAdmin } from "@tandem/runtime/admin";
import type { Rule } from "../../gateway/behaviour.ts";
import { startServers } from "../../servers/servers.ts";
import { startSystem } from "../../system/system.ts";
import { DECLINED_AMOUNT } from "../orders.ts";
import type { DemoOptions } from "../run.ts";
import { settled } from "../settled.ts";
import { formatTable } from "../table.ts";
import { takeCourse } from "./course.ts";
import { fleetOf } from "./fleet.ts";
import { startLoad } from "./load.ts";
import { fold, READS_V1, type Reader, startReader } from "./reader.ts";
import { buildRelease } from "./release.ts";
import { type Evidence, findFaults, inBoth } from "./verdict.ts";

const ORDERS_PER_SECOND = 12;
const MOST_ORDERS = 2_000;
/** How long the last orders may take, milliseconds. */
const DECISION_LIMIT_MS = 30_000;
const STREAMS = ["ORDERS", "INVENTORY", "PAYMENTS", "DEAD_LETTERS"];

/** Runs it on servers of its own. Answers what is not as it has to be, in sentences. */
export async function runEvolution({ steps, print, directory, running }: DemoOptions): Promise<readonly string[]> {
  const [servers, first] = await steps.run(
    "release 1 is built, which knows v1 only; nats-server and PostgreSQL run",
    (report) =>
      Promise.all([
        startServers({ natsUrl: "", databaseUrl: "", onProgress: report }).then(
          (started) => (running.servers = started),
        ),
        buildRelease({ directory, name: "release 1", patch: "1-v1-only.patch" }),
      ]),
  );
  const { natsUrl, databaseUrl } = servers;
  const system = await steps.run(
    `order, inventory and payment run ${first.name}; ${ORDERS_PER_SECOND} orders come in a second`,
    () => startSystem({ natsUrl, databaseUrl, directory, root: first.root }),
  );
  running.system = system;
  const admin = (running.admin = await openAdmin({ servers: [natsUrl], name: "tandem demo" }));
  await declineKettles(system.gateway.url);

  const fleet = fleetOf(system);
  const v1 = startReader(admin, "ORDERS", READS_V1);
  const load = startLoad({ url: fleet.url, perSecond: ORDERS_PER_SECOND, limit: MOST_ORDERS });
  print("");
  const { v2, ...times } = await takeCourse({ steps, print, directory, natsUrl, admin, fleet, first, v1 });
  await load.stop();

  const outcomes = await steps.run(
    `no more orders come; all ${load.accepted.length} are decided, and nothing is under way`,
    async () => {
      const found = await load.outcomes(DECISION_LIMIT_MS);
      await settled(admin, STREAMS, DECISION_LIMIT_MS);
      return found;
    },
  );
  await Promise.all([v1.stop(), v2.stop()]);
  const deadLetters = (await admin.stream("DEAD_LETTERS"))?.messages ?? 0;
  const evidence: Evidence = { v1, v2, load, outcomes, deadLetters, ...times };
  print(`\n${table(evidence)}\n\n${inWords(evidence, load.resent)}\n`);
  return findFaults(evidence);
}

function table(evidence: Evidence): string {
  const both = inBoth(evidence);
  const row = (reader: Reader) => {
    const { version, messages, facts } = reader;
    const shared = both.filter((id) => facts.has(id)).length;
    return [`knows ${version} only`, String(messages), String(facts.size), String(shared), fold(reader, both)];
  };
  return formatTable(
    ["reader", "messages", "facts", "in both", "ordered in those"],
    [evidence.v1, evidence.v2].map(row),
  );
}

function inWords({ load, outcomes, deadLetters, v2 }: Evidence, resent: readonly string[]): string {
  const count = (status: string) => outcomes.filter((outcome) => outcome.status === status).length;
  const priced = [...v2.facts.values()].filter((told) => told.priced).length;
  const why = resent.length === 0 ? "" : ` (${[...new Set(resent)].join("; ")})`;
  return [
    `  ${load.accepted.length} orders: ${count("confirmed")} confirmed, ${count("cancelled")} cancelled; dead letters: ${deadLetters}`,
    `  ${v2.facts.size} facts in v2: ${v2.facts.size - priced} derived from v1, ${priced} written with prices`,
    `  requests sent again with their Idempotency-Key: ${resent.length}${why}`,
  ].join("\n");
}

async function declineKettles(gatewayUrl: string): Promise<void> {
  const rules: readonly Rule[] = [{ mode: "decline", amount: DECLINED_AMOUNT }];
  const response = await fetch(`${gatewayUrl}/behaviour`, { method: "PUT", body: JSON.stringify(rules) });
  if (!response.ok) throw new Error(`The gateway did not take its rules: ${await response.text()}`);
}
