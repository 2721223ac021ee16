/**
 * Runs the fake payment gateway as a process of its own. Prints one JSON line with its URL when it
 * listens, and ends on SIGINT or SIGTERM.
 */
import { parseArgs } from "node:util";
import { isUsageError, UsageError, usageText } from "../../ops/usage-error.ts";
import { startGateway } from "./gateway.ts";

const HELP = `The fake payment gateway: takes charges, keeps a ledger, misbehaves when told to.

  node lab/gateway/main.ts [--port PORT] [--host HOST] [--ledger FILE]

  --port PORT     where to listen; default 0, a free port
  --host HOST     default 127.0.0.1
  --ledger FILE   keeps the ledger over restarts, as JSON lines; default: memory only

  POST /charges                 {"amount": 900, "currency": "EUR"} with an Idempotency-Key header
  GET  /charges/{key}           what became of a key
  POST /charges/{key}/refund    gives back what was captured; voids the key when nothing was yet
  GET  /ledger                  every entry, and how many calls came
  PUT  /behaviour               a list of rules, for example [{"mode": "decline", "amount": 4200}]
                                modes: decline, hang, error, lie (acts, then never answers, or answers a status), slow
                                fields: operations, key, amount, times, delayMs, status, reason
  GET  /health
`;

let wanted;
try {
  wanted = parseArgs({
    options: {
      port: { type: "string", default: "0" },
      host: { type: "string", default: "127.0.0.1" },
      ledger: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
  if (!/^\d{1,5}$/.test(wanted.port) || Number(wanted.port) > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not ${JSON.stringify(wanted.port)}.`);
  }
} catch (error) {
  if (!isUsageError(error)) throw error;
  console.error(`${usageText(error, HELP)}\nSee --help.`);
  process.exit(2);
}

if (wanted.help) {
  console.log(HELP);
  process.exit(0);
}

const gateway = await startGateway({
  port: Number(wanted.port),
  host: wanted.host,
  ...(wanted.ledger === undefined ? {} : { ledgerFile: wanted.ledger }),
}).catch((error: unknown) => {
  console.error(`The gateway cannot listen: ${error instanceof Error ? error.message : error}`);
  process.exit(1);
});
console.log(JSON.stringify({ msg: "the gateway listens", url: gateway.url }));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, () => void gateway.stop());
}
