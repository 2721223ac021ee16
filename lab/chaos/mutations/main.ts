/**
 * Breaks a copy of this repository on purpose, one guarantee at a time, and says whether chaos or the tests notice. Exit
 * code 0 when each is noticed, 1 when one is not, 2 when the arguments are wrong.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { assertKnown, refusal } from "../../../ops/usage-error.ts";
import { formatTable } from "../../demo/table.ts";
import { copyRepository } from "../../system/repository-copy.ts";
import { changed, type Mutation } from "./mutation.ts";
import { MUTATIONS } from "./mutations.ts";
import { notice, type Notice } from "./notice.ts";

const HELP = `Breaks a copy of this repository on purpose, one guarantee at a time, and says whether chaos or the tests notice.

  npm run mutations [-- --only NAME,…] [--list] [--sound]

  --only NAME,…   these mutations alone
  --list          says which there are, and ends
  --sound         first runs what has to notice each on the sound copy, where it must find nothing

Exit codes: 0 each was noticed; 1 one was not; 2 the arguments are wrong.
`;

interface Arguments {
  readonly mutations: readonly Mutation[];
  readonly list: boolean;
  readonly sound: boolean;
  readonly help: boolean;
}

function readArguments(): Arguments {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      list: { type: "boolean", default: false },
      sound: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const { only, ...flags } = values;
  if (only === undefined) return { mutations: MUTATIONS, ...flags };
  const names = only.split(",");
  assertKnown(
    "--only",
    names,
    MUTATIONS.map(({ name }) => name),
  );
  return { mutations: MUTATIONS.filter(({ name }) => names.includes(name)), ...flags };
}

/** Applies a mutation while the work runs. */
async function mutated<T>(root: string, { changes }: Mutation, work: () => Promise<T>): Promise<T> {
  const sound = new Map<string, string>();
  for (const { file } of changes) sound.set(file, await readFile(join(root, file), "utf8"));
  try {
    for (const change of changes) {
      const path = join(root, change.file);
      await writeFile(path, changed(await readFile(path, "utf8"), change));
    }
    return await work();
  } finally {
    for (const [file, text] of sound) await writeFile(join(root, file), text);
  }
}

async function run({ mutations, sound }: Arguments): Promise<number> {
  const root = await copyRepository();
  const logs = await mkdtemp(join(tmpdir(), "tandem-mutations-"));
  const rows: string[][] = [];
  let isFine = true;
  const tell = (name: string, { words }: Notice, isRight: boolean): void => {
    isFine &&= isRight;
    rows.push([isRight ? "✓" : "✗", name, words]);
    console.log(`${isRight ? "✓" : "✗"} ${name}: ${words}`);
  };
  console.log(`logs in ${logs}`);
  try {
    for (const mutation of mutations) {
      const { name, caughtBy } = mutation;
      if (sound) {
        const found = await notice(root, caughtBy, join(logs, `${name}.sound.log`));
        tell(`${name}, not broken`, found, !found.noticed && found.words.endsWith(" 0"));
      }
      const found = await mutated(root, mutation, async () => notice(root, caughtBy, join(logs, `${name}.log`)));
      tell(name, found, found.noticed);
    }
  } finally {
    await rm(root, { recursive: true, force: true });
  }
  console.log(`\n${formatTable(["", "mutation", "noticed by"], rows)}`);
  return isFine ? 0 : 1;
}

let asked: Arguments | undefined;
try {
  asked = readArguments();
} catch (error) {
  console.error(refusal(error, HELP));
  process.exitCode = 2;
}
if (asked?.help) console.log(HELP);
else if (asked?.list) for (const { name, says } of MUTATIONS) console.log(`${name.padEnd(28)} ${says}`);
else if (asked !== undefined) process.exitCode = await run(asked);
