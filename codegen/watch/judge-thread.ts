/**
 * The judge beside the generator: a thread that keeps the parser warm, reads a contract as a single run does, and says
 * what a single run would say of it.
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import type { Diagnostic } from "../diagnostic.ts";
import { readModel } from "../generate.ts";
import { keepCompiledCode } from "../kept/tool-folder.ts";

/** A contract to be judged. */
export interface Case {
  readonly file: string;
  /** Every file of it that was read or looked for, by its path. */
  readonly texts: ReadonlyMap<string, string | undefined>;
  readonly strict: boolean;
}

/** What is said of a contract; undefined when a newer one took its place before it was read. */
export type Verdict = readonly Diagnostic[] | undefined;

/** What the thread knows itself by, since it is this very module that it runs. */
const ROLE = "judge of the watched contract";

interface Waiting {
  readonly contract: Case;
  readonly answer: PromiseWithResolvers<Verdict>;
}

export class JudgeThread {
  readonly #worker = new Worker(new URL(import.meta.url), { workerData: ROLE });
  #judged: Waiting | undefined;
  #next: Waiting | undefined;

  constructor() {
    this.#worker.on("message", (verdict: readonly Diagnostic[]) => {
      this.#judged?.answer.resolve(verdict);
      this.#judged = undefined;
      this.#begin();
    });
    this.#worker.on("error", (error) => {
      for (const waiting of [this.#judged, this.#next]) waiting?.answer.reject(error);
    });
  }

  /** Asks about a contract. One that waits to be read gives way to it. */
  ask(contract: Case): Promise<Verdict> {
    this.#next?.answer.resolve(undefined);
    this.#next = { contract, answer: Promise.withResolvers<Verdict>() };
    const { promise } = this.#next.answer;
    this.#begin();
    return promise;
  }

  async stop(): Promise<void> {
    for (const waiting of [this.#judged, this.#next]) waiting?.answer.resolve(undefined);
    await this.#worker.terminate();
  }

  #begin(): void {
    if (this.#judged !== undefined || this.#next === undefined) return;
    this.#judged = this.#next;
    this.#next = undefined;
    this.#worker.postMessage(this.#judged.contract, []);
  }
}

async function judgeCase({ file, texts, strict }: Case): Promise<readonly Diagnostic[]> {
  const read = (path: string) => Promise.resolve(texts.get(path));
  return (await readModel(file, texts.get(file) ?? "", { strict, read })).diagnostics;
}

if (!isMainThread && workerData === ROLE) {
  keepCompiledCode();
  parentPort?.on("message", (contract: Case) => {
    // A rejection ends the thread, and is an error of its worker.
    void judgeCase(contract).then((diagnostics) => parentPort?.postMessage(diagnostics, []));
  });
}
