/** Studio, its file and the generator, put together. */
import { dirname, join, relative } from "node:path";
import { type LiveFile, openLiveFile } from "./live-file.ts";
import { liveSockets, type Refusal } from "./live-socket.ts";
import { regeneration } from "./regenerate.ts";
import { startStudioServer } from "./server.ts";

/** What Studio is started on. */
export interface StudioOptions {
  /** The folder with Studio's files. */
  readonly files: string;
  readonly port: number;
  /** The contract: the one file that is written. */
  readonly path: string;
  /** The generator's arguments. */
  readonly argv: readonly string[];
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** A Studio that runs. */
export interface Studio {
  readonly url: string;
  /** Ends it when what was changed last is generated. */
  close(): Promise<void>;
}

const REFUSED: Readonly<Record<Refusal, string>> = {
  conflict:
    "was changed here and in Studio, in the same lines: the file holds what was changed here, Studio shows what was " +
    "typed there, and nothing was written. Ctrl+S in Studio overwrites the file, reloading the page takes it",
  gone: "is gone: what was typed in Studio is only there. Ctrl+S there writes it as a new file",
  failed: "could not be written: what was typed in Studio is only there. Ctrl+S there tries again",
};
const LET_GO = { studio: "what was typed in Studio and not written", disk: "what was overwritten" } as const;

/** Starts Studio on a contract, and says in the terminal what happens to it. */
export async function startStudio(options: StudioOptions): Promise<Studio> {
  const { files, port, path, argv, stdout, stderr } = options;
  const shown = relative(process.cwd(), path);
  const say = (text: string): void => stdout(`${text}\n`);
  const generator = regeneration(argv, process.cwd(), { stdout, stderr });
  let file: LiveFile | undefined;
  const present = (): LiveFile => {
    if (file === undefined) throw new Error("the file is not open yet");
    return file;
  };
  const sockets = liveSockets(present, {
    refused: (why) => say(`${shown} ${REFUSED[why]}`),
    letGo: (side, kept) => say(`${LET_GO[side]} is kept in ${join(dirname(shown), kept)}`),
    fault: (error) => stderr(`${error instanceof Error ? error.message : String(error)}\n`),
  });
  const server = await startStudioServer({ files, port, sockets });
  file = await openLiveFile(path, {
    changed(text) {
      say(`${shown} was changed: shown in Studio`);
      sockets.show(text);
      generator.ask();
    },
    removed() {
      say(`${shown} is gone. What is changed in Studio is not written until Ctrl+S there`);
      sockets.showRemoved();
    },
    written(isMerged) {
      const where = isMerged ? "here and in Studio, in different lines: both are in it" : "in Studio: written";
      say(`${shown} was changed ${where}`);
      generator.ask();
    },
  });
  generator.ask();
  return {
    url: `http://127.0.0.1:${server.port}/`,
    async close() {
      await server.close();
      file?.close();
      await generator.settled();
    },
  };
}
