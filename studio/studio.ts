/** Studio, its file and the generator, put together. */
import { relative } from "node:path";
import { type LiveFile, openLiveFile } from "./live-file.ts";
import { liveSockets } from "./live-socket.ts";
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
  const sockets = liveSockets(present, (error) => {
    stderr(`${error instanceof Error ? error.message : String(error)}\n`);
  });
  const server = await startStudioServer({ files, port, file: present, sockets });
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
    written(text) {
      say(`${shown} was changed in Studio: written`);
      sockets.show(text);
      generator.ask();
    },
    conflict(isOne) {
      if (isOne) {
        say(`${shown} was changed here and in Studio: not written. Ctrl+S in Studio overwrites it, reloading takes it`);
      }
      server.showConflict(isOne);
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
