/** `npm run studio`: AsyncAPI Studio on a contract of this machine, live. Only this file reads arguments and ends. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { relative, resolve } from "node:path";
import { parseArgs } from "node:util";
import { isFile } from "../codegen/command/path-kind.ts";
import { CLOSED_TERMINAL, whenTold } from "../codegen/command/when-told.ts";
import { studioFiles } from "./install.ts";
import { StudioError } from "./studio-error.ts";
import { startStudio } from "./studio.ts";

const HELP = `Opens AsyncAPI Studio on the contract: what is changed there is written to the file and generated.

  npm run studio [-- FILE] [-- options]

  FILE          the contract (asyncapi.yaml)
  --out DIR     where the generated code goes (generated)
  --port PORT   where Studio is served; a free one when not named
  --open        opens a browser too
  --help        this text

Exit codes: 0 ended with Ctrl-C; 1 Studio cannot be had or started; 2 the command cannot be understood.
`;

process.exitCode = await main();

async function main(): Promise<number> {
  const request = readArguments();
  if (request === "help") {
    console.log(HELP);
    return 0;
  }
  if (request instanceof Error) return refuse(request.message);
  const { file, out, port, open } = request;
  const path = resolve(file);
  if (!(await isFile(path)))
    return refuse(`cannot read ${file}: there is no such file. Name the contract: npm run studio -- FILE`);

  const ending = whenTold(() => process.exit(1), CLOSED_TERMINAL);
  try {
    const files = await studioFiles(process.env, (text) => console.error(text));
    const shown = relative(process.cwd(), path);
    const studio = await startStudio({
      files,
      port,
      path,
      argv: [shown, ...(out === undefined ? [] : ["--out", out])],
      stdout: (text) => process.stdout.write(text),
      stderr: (text) => process.stderr.write(text),
    });
    console.log(
      `Studio shows ${shown}: ${studio.url}\nWhat is changed there is written and generated. Ctrl-C ends it.`,
    );
    if (open) openBrowser(studio.url);
    if (!ending.aborted) await once(ending, "abort");
    await studio.close();
    return 0;
  } catch (error) {
    if (!(error instanceof StudioError)) throw error;
    console.error(error.message);
    return 1;
  }
}

interface Request {
  readonly file: string;
  readonly out: string | undefined;
  readonly port: number;
  readonly open: boolean;
}

function readArguments(): Request | "help" | Error {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        out: { type: "string" },
        port: { type: "string", default: "0" },
        open: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return "help";
    const [file = "asyncapi.yaml", ...more] = positionals;
    if (more.length > 0) return new Error(`one contract at a time: ${more.join(" ")} is too many`);
    const port = /^\d{1,5}$/.test(values.port) ? Number(values.port) : Number.NaN;
    if (!(port <= 65_535)) return new Error(`--port is a number up to 65535, not ${values.port}`);
    return { file, out: values.out, port, open: values.open };
  } catch (error) {
    // The first sentence says which option; the rest is advice for programmers.
    return new Error(error instanceof Error ? error.message.split(". ")[0] : String(error));
  }
}

function refuse(why: string): number {
  console.error(`${why}\nSee npm run studio -- --help`);
  return 2;
}

/** Where there is no such program the address that was printed is enough. */
function openBrowser(url: string): void {
  const program = process.platform === "darwin" ? "open" : "xdg-open";
  spawn(program, [url], { stdio: "ignore", detached: true })
    .on("error", () => console.error(`no browser could be opened: open ${url}`))
    .unref();
}
