#!/usr/bin/env node
/** The command line of the code generator. Only this file knows its process. */
import { realpathSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readContractFile } from "./command/contract-file.ts";
import { commandOf, type Io } from "./command/io.ts";
import { help, readArguments } from "./command/request.ts";
import { CLOSED_TERMINAL, whenTold } from "./command/when-told.ts";
import { isFile, kindOf, nearestThere } from "./command/path-kind.ts";
import { keepYoungSpaceSmall } from "./command/young-space.ts";
import { keepCompiledCode } from "./kept/tool-folder.ts";

/** Runs the command line and returns the exit code: 0 fine, 1 a bad contract or drift, 2 bad usage. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  keepCompiledCode();
  if (argv[0] === "diff") {
    const { runDiff } = await import("./diff/command.ts");
    return await runDiff(argv.slice(1), { ...io, command: `${commandOf(io).withArguments} diff` });
  }
  const request = readArguments(argv);
  if (request === "help") {
    io.stdout(help(commandOf(io)));
    return 0;
  }
  if (request instanceof Error) return refuse(request.message, io);
  const text = await readContractFile(resolve(io.cwd, request.file));
  if (text === undefined) return refuse(await whyUnread(request.file, io), io);
  const place = await nearestThere(resolve(io.cwd, request.out));
  if (await isFile(place)) {
    const what = place === resolve(io.cwd, request.out) ? "it" : place;
    return refuse(`cannot write to ${request.out}: ${what} is a file, not a directory`, io);
  }
  const { OutputError } = await import("./output/output.ts");
  try {
    if (request.watch) {
      const { watchContract } = await import("./watch/watch.ts");
      return await watchContract(request, io);
    }
    io.onOnce?.();
    const { generateOnce } = await import("./command/once.ts");
    return await generateOnce(text, request, io);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    io.stderr(`${error.message}\n`);
    return 1;
  }
}

async function whyUnread(file: string, io: Io): Promise<string> {
  const isFolder = (await kindOf(resolve(io.cwd, file))) === "directory";
  const why = isFolder ? "it is a directory. Name the contract in it" : "there is no such file. Name the contract";
  return `cannot read ${file}: ${why}: ${commandOf(io).withArguments} FILE`;
}

function refuse(why: string, io: Io): number {
  io.stderr(`${why}\nSee ${commandOf(io).withArguments} --help\n`);
  return 2;
}

/** Also true when npm runs it through a link; `import.meta.main` is not in every Node that runs a packed build. */
function isMain(): boolean {
  const script = process.argv[1];
  return script !== undefined && realpathSync(script) === fileURLToPath(import.meta.url);
}

if (isMain()) {
  let told: AbortSignal | undefined;
  const code = await run(process.argv.slice(2), {
    cwd: process.cwd(),
    stdout: (text) => process.stdout.write(text),
    stderr: (text) => process.stderr.write(text),
    whenTold: () => (told ??= whenTold(() => process.exit(1), CLOSED_TERMINAL)),
    onOnce: keepYoungSpaceSmall,
  });
  // What was being made then is given up.
  if (told?.aborted) process.exit(code);
  process.exitCode = code;
}
