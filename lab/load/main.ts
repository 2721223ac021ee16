/**
 * A load of orders on a running system, or on one that it starts. Exit code 0 when every order was accepted, 1 when one
 * was not or it did not work, 2 when the arguments are wrong, 130 after Ctrl-C.
 */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { refusal, UsageError } from "../../ops/usage-error.ts";
import { startServers } from "../servers/servers.ts";
import { startSystem } from "../system/system.ts";
import { loadText } from "./load-text.ts";
import { runLoad, type LoadOptions } from "./run-load.ts";

const HELP = `Sends orders at a steady rate, whatever becomes of the earlier ones, and says how long they took.

  npm run load -- --rate R --seconds S [--url URL] [--log FILE] [--timeout MS] [--retries N]

  --rate R        orders for each second
  --seconds S     for how long
  --url URL       the public door of a running system; without it servers and system are started
  --log FILE      where intent is written down, a line of JSON before each request and one after; default a new folder
  --timeout MS    for one try; default 10000
  --retries N     further tries with the same Idempotency-Key, where there was no answer, or 409, 429 or 5xx; default 0

  NATS_URL        a NATS server to use instead of an embedded one, without --url
  DATABASE_URL    a PostgreSQL to use instead of an embedded one; a role that may create roles

Exit codes: 0 every order was accepted; 1 one was not, or it did not work; 2 the arguments are wrong; 130 after Ctrl-C.
`;

const INTERRUPTED = 130;
const print = (text: string) => process.stdout.write(`${text}\n`);

type Arguments = Omit<LoadOptions, "url" | "logFile" | "signal"> & {
  readonly url: string | undefined;
  readonly log: string | undefined;
};

function readArguments(): Arguments | "help" {
  const { values } = parseArgs({
    options: {
      rate: { type: "string" },
      seconds: { type: "string" },
      url: { type: "string" },
      log: { type: "string" },
      timeout: { type: "string", default: "10000" },
      retries: { type: "string", default: "0" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return "help";
  const { url, log } = values;
  if (url !== undefined && !/^https?:\/\/./.test(url))
    throw new UsageError(`--url is an address of HTTP, not "${url}".`);
  return {
    rate: numberOf("rate", values.rate, 0.01, 100_000),
    seconds: numberOf("seconds", values.seconds, 0.01, 1_000_000),
    timeoutMs: numberOf("timeout", values.timeout, 1, 600_000),
    retries: Math.floor(numberOf("retries", values.retries, 0, 1_000)),
    url: url?.replace(/\/+$/, ""),
    log,
  };
}

function numberOf(option: string, text: string | undefined, least: number, most: number): number {
  if (text === undefined) throw new UsageError(`--${option} is missing.`);
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${option} is a number from ${least} to ${most}, not "${text}".`);
}

async function load({ url, log, ...rest }: Arguments, signal: AbortSignal): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), "tandem-load-"));
  const logFile = log ?? join(directory, "intent.jsonl");
  const own = url === undefined ? await startOwn(directory) : undefined;
  try {
    const options = { ...rest, url: url ?? own?.url ?? "", logFile, signal };
    print(`${rest.rate} orders a second for ${rest.seconds} s to ${options.url}; intent is in ${logFile}`);
    const result = await runLoad(options);
    print(`\n${loadText(result)}`);
    if (signal.aborted) return INTERRUPTED;
    return result.outcomes.accepted === result.intended ? 0 : 1;
  } finally {
    await own?.stop();
  }
}

async function startOwn(directory: string) {
  const servers = await startServers({ onProgress: print });
  try {
    const { natsUrl, databaseUrl } = servers;
    const system = await startSystem({ natsUrl, databaseUrl, directory });
    return {
      url: system.url,
      stop: async () => {
        for (const failure of await system.stop()) console.error(`✗ ${failure}`);
        await servers.stop();
      },
    };
  } catch (error) {
    await servers.stop();
    throw error;
  }
}

const told = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    if (told.signal.aborted) process.exit(INTERRUPTED);
    told.abort();
  });
}
let asked: Arguments | "help" | undefined;
try {
  asked = readArguments();
} catch (error) {
  console.error(refusal(error, HELP));
  process.exitCode = 2;
}
if (asked === "help") print(HELP);
else if (asked !== undefined) {
  try {
    process.exitCode = await load(asked, told.signal);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  }
}
