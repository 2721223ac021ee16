/** A process of the fleet that is started again whenever it ends, as whatever runs services does. */
import { setTimeout as delay } from "node:timers/promises";
import { startProcess, type Exit, type ProcessOptions, type SystemProcess } from "../../system/process.ts";
import { untilReady, whereItListens } from "../../system/ready.ts";

/** A life that ended without anybody having asked for it. */
export interface OwnEnd {
  readonly member: string;
  readonly exit: Exit;
  readonly lastWords: readonly string[];
}

/** Who is told of the lives of members. */
export interface MemberEvents {
  /** Of every process that was started. */
  readonly onStart: (process: SystemProcess) => void;
  readonly onOwnEnd: (end: OwnEnd) => void;
}

/** As orchestrators wait before they start again what ended. */
const RESTART_MS = 500;
const POLL_MS = 50;
const STOP_LIMIT_MS = 25_000;

/** A member lives from when it is made until it is stopped. */
export class Member {
  readonly name: string;
  readonly #options: ProcessOptions;
  readonly #events: MemberEvents;
  readonly #living: Promise<void>;
  #process: SystemProcess | undefined;
  #url: string | undefined;
  #lives = 0;
  #isWanted = true;
  /** Whether this life may end without that being held against it. */
  #isExcused = false;
  #nextEnv: Readonly<Record<string, string>> = {};

  constructor(options: ProcessOptions, events: MemberEvents) {
    this.name = options.name;
    this.#options = options;
    this.#events = events;
    this.#living = this.#live();
  }

  /** Where it listens; undefined while it does not. */
  get url(): string | undefined {
    return this.#url;
  }

  /** Of the life that runs now; undefined between two. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get lives(): number {
    return this.#lives;
  }

  /** Resolves when the present life, or a later one, is ready. */
  async ready(): Promise<void> {
    while (this.#isWanted) {
      const [process, url] = [this.#process, this.#url];
      // A life that ends meanwhile has a next one.
      if (process !== undefined && url !== undefined && (await isReady({ name: this.name, url, process }))) return;
      await delay(POLL_MS);
    }
  }

  /** SIGKILL. It is started again. */
  async kill(): Promise<void> {
    this.excuse();
    await this.#process?.kill();
  }

  /** SIGTERM, and waits for its end. It is started again, with these variables besides for one life. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<Exit | undefined> {
    this.#nextEnv = env;
    this.excuse();
    return this.#process?.stop(STOP_LIMIT_MS);
  }

  /** SIGSTOP, or SIGCONT. */
  freeze(isFrozen: boolean): void {
    this.signal(isFrozen ? "SIGSTOP" : "SIGCONT");
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#process !== undefined && this.#process.exit === undefined) process.kill(this.#process.pid, signal);
  }

  /** Says that this life may end: it was given a reason to. */
  excuse(): void {
    this.#isExcused = true;
  }

  /** Stops it for good. Answers how its last life ended; undefined when there was none to stop. */
  async stop(): Promise<Exit | undefined> {
    this.#isWanted = false;
    this.signal("SIGCONT");
    const exit = await this.#process?.stop(STOP_LIMIT_MS);
    await this.#living;
    return exit;
  }

  /** SIGKILL for good: nobody waits for what it has in hand. */
  async destroy(): Promise<void> {
    this.#isWanted = false;
    await this.#process?.kill();
    await this.#living;
  }

  async #live(): Promise<void> {
    while (this.#isWanted) {
      const current = startProcess({ ...this.#options, env: { ...this.#options.env, ...this.#nextEnv } });
      // Who is given a failpoint dies of it.
      this.#isExcused = Object.keys(this.#nextEnv).length > 0;
      this.#nextEnv = {};
      this.#process = current;
      this.#lives += 1;
      this.#events.onStart(current);
      void this.#listen(current);
      const exit = await current.exited;
      this.#url = undefined;
      this.#process = undefined;
      if (!this.#isWanted) return;
      if (!this.#isExcused) this.#events.onOwnEnd({ member: this.name, exit, lastWords: current.tail() });
      await delay(RESTART_MS);
    }
  }

  async #listen(current: SystemProcess): Promise<void> {
    const url = await whereItListens(current).catch(() => undefined);
    if (this.#process === current && current.exit === undefined) this.#url = url;
  }
}

async function isReady(service: Parameters<typeof untilReady>[0]): Promise<boolean> {
  try {
    await untilReady(service);
    return true;
  } catch {
    return false;
  }
}
