/** `tandem evolve`: its arguments. */
import { parseArgs } from "node:util";
import { natsUrlOf } from "../addresses.ts";
import type { Command, Surroundings } from "../command.ts";
import { OpsError } from "../error.ts";
import { didYouMean, UsageError } from "../usage-error.ts";

const HELP = `Takes an event from one version to the next while services run. EVENT is its name or its channel.

  tandem evolve status [EVENT] [--json]   versions, traffic, readers, and whether the next step is safe
  tandem evolve open EVENT [--schema FILE]
                                          opens the next version as a draft; with its schema, or when the
                                          draft's schema was edited, writes the steps that it can infer
  tandem evolve infer EVENT [--force]     writes the steps of the draft again; --force over written ones
  tandem evolve advance EVENT             takes the next step when its gate lets it: draft, dual, flipped,
                                          deprecated, retired
  tandem evolve back EVENT                takes the last step back, while that is possible

  --contract FILE    default asyncapi.yaml
  --dry-run          says what it would change and changes nothing
  --from vN          the older version of the step, where several are on their way
  --days N           for how long nobody may have read a version that retires; default 7
  --accept NAME      a durable or stream that may lose the version that retires; may be repeated
  --window MINUTES   for messages a minute; default 10
  --services DIR     where services are, a folder each; default services; '' leaves their code alone
  --evolutions DIR   where hand-written parts and golden payloads are; default evolutions

  NATS_URL           the server; default nats://127.0.0.1:4222

Exit codes: 0 fine; 1 refused, or it did not work; 2 the arguments are wrong.
`;

const ACTIONS = ["status", "open", "infer", "advance", "back"];

const OPTIONS = {
  contract: { type: "string", default: "asyncapi.yaml" },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  force: { type: "boolean", default: false },
  schema: { type: "string" },
  from: { type: "string" },
  days: { type: "string", default: "7" },
  window: { type: "string", default: "10" },
  accept: { type: "string", multiple: true },
  services: { type: "string", default: "services" },
  evolutions: { type: "string", default: "evolutions" },
} as const;

export const evolveCommand: Command = {
  help: HELP,
  async run(argv, surroundings) {
    try {
      return await run(argv, surroundings);
    } catch (error) {
      // A place that cannot be edited is for the caller to mend, as the sentence says.
      if (error instanceof Error && error.name === "CannotEdit") throw new OpsError(error.message, { cause: error });
      throw error;
    }
  },
};

async function run(argv: readonly string[], { env, print }: Surroundings): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], allowPositionals: true, options: OPTIONS });
  const [action = "", event, ...more] = positionals;
  const gate = {
    days: number("days", values.days),
    accepted: values.accept ?? [],
    windowMinutes: number("window", values.window),
  };
  if (gate.windowMinutes === 0) throw new UsageError("--window is a number of minutes above 0.");
  const natsUrl = natsUrlOf(env);
  const isKnown = ACTIONS.includes(action);
  if (!isKnown) {
    const meant = action === "" ? "." : `, not "${action}".${didYouMean(action, ACTIONS)}`;
    throw new UsageError(`Say what to do: ${ACTIONS.join(", ")}${meant}`);
  }
  if (event === undefined && action !== "status") throw new UsageError(`Write tandem evolve ${action} EVENT.`);
  if (more.length > 0) throw new UsageError(`One event at a time: ${more.join(" ")} is too many.`);
  // Reading contracts takes a while to load, and the other commands do without.
  const { readContractText } = await import("./contract-file.ts");
  const source = readContractText(values.contract);
  const dryRun = values["dry-run"];
  if (action === "status" || event === undefined) {
    const [{ status }, { statusText }] = await Promise.all([import("./status.ts"), import("./status-text.ts")]);
    const found = await status(source, event, { ...gate, natsUrl });
    print(values.json ? JSON.stringify(found, null, 2) : statusText(found));
    return 0;
  }
  if (action === "open" || action === "infer") {
    const { infer, open } = await import("./open.ts");
    const { schema, force, evolutions } = values;
    print(await (action === "open" ? open : infer)(source, event, { dryRun, schema, force, evolutions }));
    return 0;
  }
  const [{ advance }, { tryLaws }] = await Promise.all([import("./advance.ts"), import("./laws.ts")]);
  const from = values.from === undefined ? undefined : number("from", values.from.replace(/^v/, ""));
  const direction = action === "back" ? "back" : "advance";
  const { passed, text } = await advance(source, event, {
    ...{ ...gate, direction, dryRun, natsUrl, from, services: values.services },
    laws: (contract, name, passage) => tryLaws(contract, name, passage, values.evolutions),
  });
  print(text);
  return passed ? 0 : 1;
}

function number(option: string, text: string): number {
  if (/^\d{1,6}(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--${option} is a number, not "${text}".`);
}
