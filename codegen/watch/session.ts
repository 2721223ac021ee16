/**
 * What stays from save to save while a contract is watched: parts of code, the output, the judge. A turn has two
 * halves: the files are written as soon as the quick judge is sure, and the real judge and the compiler speak later.
 */
import { setImmediate } from "node:timers/promises";
import { type Comparison, foreignDiagnostics } from "../output/drift.ts";
import { OutputError } from "../output/output.ts";
import { commandOf, type Io } from "../command/io.ts";
import { keepResult } from "../command/once.ts";
import { questionOf, type Request } from "../command/request.ts";
import { show, summary } from "../command/say.ts";
import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import { generate, type Generated } from "../generate.ts";
import { findParts, writeParts } from "../kept/kept-parts.ts";
import type { Question } from "../kept/kept-results.ts";
import type { Parts } from "../kept/parts.ts";
import type { KnownFiles } from "../spec/files.ts";
import { QuickJudge } from "../spec/quick-judge.ts";
import { JudgeThread, type Verdict } from "./judge-thread.ts";
import { checkTypes, findProject } from "./type-check.ts";
import { Written } from "./written.ts";

/** How a session meets the disk. */
export interface Disk {
  /** Reads a file of the contract by its path; undefined when there is none. */
  readonly read: (path: string) => Promise<string | undefined>;
  /** Is told which files a turn has read or looked for, once it knows. */
  readonly onRead: (paths: readonly string[]) => void;
}

const WARM_UP_RUNS = 8;

/** A newer text makes a turn pointless. */
class Superseded extends Error {}

export class Session {
  readonly #request: Request;
  readonly #io: Io;
  readonly #disk: Disk;
  readonly #question: Question;
  readonly #parts: Parts;
  readonly #written: Written;
  readonly #quick = new QuickJudge();
  readonly #known: KnownFiles = new Map();
  readonly #judge = new JudgeThread();
  /** Every file that the latest turn read or looked for, with its text. */
  #looked = new Map<string, string | undefined>();
  #isWarm = false;
  /** Whether parts were made that are not written down. */
  #hasNewParts = false;
  #isStopped = false;
  /** What the latest turn does to the disk. */
  #disking: Promise<unknown> = Promise.resolve();

  private constructor(request: Request, io: Io, disk: Disk, kept: { parts: Parts; written: Written }) {
    this.#request = request;
    this.#io = io;
    this.#disk = disk;
    this.#question = questionOf(request, io);
    this.#parts = kept.parts;
    this.#written = kept.written;
  }

  static async begin(request: Request, io: Io, disk: Disk): Promise<Session> {
    const question = questionOf(request, io);
    const [parts, written] = await Promise.all([findParts(question), Written.in(question.directory)]);
    io.stdout(`watching ${request.file}; Ctrl-C ends it\n`);
    return new Session(request, io, disk, { parts, written });
  }

  /** What the files of the latest turn are now: the same, others, or not there any more. */
  async look(): Promise<"same" | "changed" | "vanished"> {
    const pairs = [...this.#looked].map(async ([path, text]) => [text, await this.#disk.read(path)] as const);
    const texts = await Promise.all(pairs);
    if (texts.some(([before, now]) => before !== undefined && now === undefined)) return "vanished";
    return texts.some(([before, now]) => before !== now) ? "changed" : "same";
  }

  /**
   * Generates from what the files are now, and says what comes of it.
   * @param signal Aborts when a newer text makes the turn pointless; it then ends soon, and says nothing more.
   */
  async turn(signal: AbortSignal): Promise<void> {
    try {
      await this.#generate(signal);
    } catch (error) {
      if (!(error instanceof Superseded)) throw error;
    }
  }

  /**
   * Gives up what runs, without waiting for more of it than what it is writing, and leaves no file that the parser has
   * not confirmed. The turn writes and says nothing more.
   */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all([this.#judge.stop(), this.#disking.catch(() => undefined)]);
    const count = this.#written.restore();
    if (this.#hasNewParts) await writeParts(this.#question, this.#parts);
    if (count > 0) this.#io.stdout(`put back ${files(count)} that the parser had not confirmed yet\n`);
  }

  async #generate(signal: AbortSignal): Promise<void> {
    const started = performance.now();
    const { file, strict } = this.#request;
    const looked = new Map<string, string | undefined>();
    const read = async (path: string) => {
      const text = await this.#disk.read(path);
      looked.set(path, text);
      return text;
    };
    this.#looked = looked;
    const text = await read(file);
    if (text === undefined) return this.#say(`${file} is gone; waiting until it is back\n`);
    let verdict: Promise<Verdict> | undefined;
    const hear = async (): Promise<readonly Diagnostic[]> => {
      verdict ??= this.#judge.ask({ file, texts: looked, strict });
      const judged = await until(verdict, signal);
      if (judged === undefined) throw new Superseded();
      return judged;
    };
    this.#quick.forget();
    const generated = await generate(file, text, {
      command: commandOf(this.#io).alone,
      strict,
      parts: this.#parts,
      read,
      known: this.#known,
      judge: async (source, misled, report) => {
        if (signal.aborted) throw new Superseded();
        this.#disk.onRead([...looked.keys()]);
        await this.#quick.judge(source, misled, report);
        if (this.#quick.isSure) return;
        // What follows stands on a valid document.
        for (const { code, severity, message } of await hear())
          if (severity === "error") report.error(code, "", message);
      },
    });
    this.#disk.onRead([...looked.keys()]);
    if (signal.aborted) throw new Superseded();
    if (hasErrors(generated.diagnostics)) return await this.#refuse(await hear(), generated);
    if (!(await this.#write(generated, started))) return this.#wait();
    const judged = await hear();
    if (hasErrors(judged)) return await this.#refuse(judged, generated);
    await this.#confirm(generated, started);
    const checking = this.#check(started, signal);
    await this.#warmUp(text, signal);
    await checking;
    if (!signal.aborted) this.#wait();
  }

  /**
   * Generates the first text a few times more while the compiler looks at it in a process of its own, and nobody waits:
   * code that has run a few times is run as machine code, and a save then takes a third of the time.
   */
  async #warmUp(text: string, signal: AbortSignal): Promise<void> {
    if (this.#isWarm) return;
    this.#isWarm = true;
    const { file, strict } = this.#request;
    const read = async (path: string) => this.#looked.get(path);
    for (let run = 0; run < WARM_UP_RUNS && !signal.aborted; run += 1) {
      // Nothing of it is written, and the parser has agreed already.
      await generate(file, text, {
        command: commandOf(this.#io).alone,
        strict,
        read,
        parts: this.#parts,
        known: this.#known,
        judge: this.#quick.judge,
      });
      await setImmediate();
    }
  }

  async #confirm(generated: Generated, started: number): Promise<void> {
    this.#quick.confirm();
    await this.#toDisk(() => this.#written.confirm());
    await this.#show(generated.diagnostics, generated);
    this.#say(`the parser agrees, ${since(started)} after the save\n`);
    const { files, diagnostics } = generated;
    await this.#toDisk(() => keepResult(this.#question, this.#looked, files, diagnostics));
    const hasOthers = this.#parts.settle();
    // Of a large contract it takes a while to write them down, which the next save would have to wait for.
    if (this.#isWarm) this.#hasNewParts ||= hasOthers;
    else if (hasOthers) await this.#toDisk(() => writeParts(this.#question, this.#parts));
  }

  /** Does something to the disk, and lets the end of the session wait for it. After the end nothing is done. */
  async #toDisk<T>(step: () => Promise<T> | T): Promise<T> {
    if (this.#isStopped) throw new Superseded();
    const result = Promise.resolve(step());
    this.#disking = result;
    return await result;
  }

  async #refuse(judged: readonly Diagnostic[], generated: Generated): Promise<void> {
    await this.#show(hasErrors(judged) ? judged : generated.diagnostics, generated);
    const count = await this.#toDisk(() => this.#written.restore());
    if (count > 0) this.#say(`put back ${files(count)} that had been written before the parser refused the contract\n`);
    this.#wait();
  }

  /** Whether the files could be written. */
  async #write(generated: Generated, started: number): Promise<boolean> {
    const comparison = await this.#toDisk(() => this.#tryToWrite(generated.files));
    if (comparison === undefined) return false;
    if (comparison.foreign.length > 0) {
      await this.#show(foreignDiagnostics(comparison, this.#request.out), generated);
      return false;
    }
    const said = summary(generated.files.size, comparison, this.#request).trimEnd();
    this.#say(`${said}, in ${since(started)}\n`);
    return true;
  }

  /** What the disk refuses is said; the next save tries again. */
  #tryToWrite(files: Generated["files"]): Comparison | undefined {
    try {
      return this.#written.write(files);
    } catch (error) {
      if (!(error instanceof OutputError)) throw error;
      this.#io.stderr(`${error.message}\n`);
      return undefined;
    }
  }

  async #check(started: number, signal: AbortSignal): Promise<void> {
    const project = findProject(this.#question.directory);
    if (typeof project === "string") return this.#say(`${project}\n`);
    const checked = await checkTypes(project, this.#io.cwd, signal);
    if (checked === undefined) return;
    if (checked.faults === 0) return this.#say(`types are fine, ${since(started)} after the save\n`);
    this.#io.stderr(`${checked.text}\n`);
    this.#say(`${checked.faults} type ${checked.faults === 1 ? "error" : "errors"}\n`);
  }

  async #show(diagnostics: readonly Diagnostic[], { texts }: Generated): Promise<void> {
    await show(diagnostics, texts, this.#request, this.#io);
  }

  #wait(): void {
    this.#say("waiting for the next save\n");
  }

  #say(text: string): void {
    if (this.#isStopped) return;
    this.#io.stdout(text);
  }
}

function files(count: number): string {
  return count === 1 ? "1 file" : `${count} files`;
}

function since(started: number): string {
  return `${Math.round(performance.now() - started)} ms`;
}

/** What a promise comes to. Throws when the signal aborts before. */
async function until<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const end = () => reject(new Superseded());
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
