/** A process that watches a contract, for tests: started, listened to, and ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "..", "..", "..");

/** Where the other half of a conversation with a watching process stands. */
export class Watching {
  readonly #process: ChildProcess;
  #unread = "";
  #heard = Promise.withResolvers<void>();

  /** @param cwd The directory that the contract is in. */
  constructor(cwd: string, ...argv: readonly string[]) {
    const args = [join(ROOT, "launch.mjs"), join(ROOT, "codegen/main.ts"), "--watch", ...argv];
    this.#process = spawn(process.execPath, args, { cwd, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#unread += text;
        this.#heard.resolve();
      });
    }
    this.#process.on("close", () => this.#heard.resolve());
  }

  /** What is said up to the end of this sentence, which must come. */
  async until(sentence: string): Promise<string> {
    for (;;) {
      const end = this.#unread.indexOf(sentence);
      if (end >= 0) {
        const said = this.#unread.slice(0, end + sentence.length);
        this.#unread = this.#unread.slice(said.length);
        return said;
      }
      if (this.#process.exitCode !== null) throw new Error(`it ended, and had said only ${this.#unread}`);
      this.#heard = Promise.withResolvers<void>();
      await this.#heard.promise;
    }
  }

  /** Sends it a signal, and does not wait for what comes of it. */
  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Ends it as Ctrl-C does. Resolves to its exit code, and what it said at last. */
  async end(signal: NodeJS.Signals = "SIGINT"): Promise<{ readonly code: unknown; said: string }> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const closed = once(this.#process, "close");
      this.#process.kill(signal);
      await closed;
    }
    return { code: this.#process.exitCode, said: this.#unread };
  }
}
