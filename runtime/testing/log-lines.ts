/** What the services of a test system logged: kept, not printed. */

/** Lines that are kept of each service. */
const KEPT = 500;
const WEIGHTY = new Set(["warn", "error", "fatal"]);

/** One line, as far as it is of use to a test. */
export interface LogLine {
  readonly level: string;
  readonly msg: string;
  /** The whole line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The log of each service. */
export class LogLines {
  readonly #lines = new Map<string, LogLine[]>();

  add(service: string, line: string): void {
    const fields = fieldsOf(line);
    const lines = this.#lines.get(service) ?? [];
    this.#lines.set(service, lines);
    lines.push({ level: wordsOf(fields["level"]), msg: wordsOf(fields["msg"]), fields });
    if (lines.length > KEPT) lines.shift();
  }

  of(service: string): readonly LogLine[] {
    return this.#lines.get(service) ?? [];
  }

  /** The last warning or error; the last line when there was none. */
  lastWords(service: string): string | undefined {
    const lines = this.of(service);
    const last = lines.findLast(({ level }) => WEIGHTY.has(level)) ?? lines.at(-1);
    if (last === undefined) return undefined;
    const { err, reason } = last.fields;
    const why = typeof err === "object" && err !== null && "message" in err ? err.message : reason;
    return `${last.level}: ${last.msg}${why === undefined ? "" : ` (${wordsOf(why)})`}`;
  }
}

function wordsOf(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(line);
  return typeof value === "object" && value !== null ? { ...value } : {};
}
