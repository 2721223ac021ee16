/** `--watch`: generates and type-checks again whenever a file of the contract is saved, until the process is told to end. */
import { resolve } from "node:path";
import { readContractFile } from "../command/contract-file.ts";
import type { Io } from "../command/io.ts";
import type { Request } from "../command/request.ts";
import { Saves } from "./saves.ts";
import { Session } from "./session.ts";

/** Milliseconds that a file may be gone before anything is said: some editors take it away and write it anew. */
const PATIENCE = 300;

/** Watches a contract. Returns the exit code, 0, when the process is told to end. */
export async function watchContract(request: Request, io: Io): Promise<number> {
  const told = io.whenTold?.() ?? new AbortController().signal;
  const saves = new Saves();
  const session = await Session.begin(request, io, {
    read: (path) => readContractFile(resolve(io.cwd, path)),
    onRead(paths) {
      saves.watch(paths.map((path) => resolve(io.cwd, path)));
      // Something may have been saved before it was watched.
      saves.note();
    },
  });
  let turn = new AbortController();
  let running = session.turn(turn.signal);
  let isPatient = true;
  try {
    while (!told.aborted) {
      await Promise.race([saves.next(told), failureOf(running)]);
      const state = told.aborted ? "same" : await session.look();
      if (state === "vanished" && isPatient) {
        isPatient = false;
        saves.note(PATIENCE);
        continue;
      }
      isPatient = true;
      if (state === "same") continue;
      turn.abort();
      await running;
      turn = new AbortController();
      running = session.turn(turn.signal);
    }
    return 0;
  } finally {
    turn.abort();
    saves.stop();
    await session.stop();
  }
}

/** Never resolves; rejects when the promise does. */
async function failureOf(running: Promise<void>): Promise<never> {
  await running;
  return await new Promise<never>(() => undefined);
}
