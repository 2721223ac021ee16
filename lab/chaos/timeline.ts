/** What happened when, printed as it happens and kept in a file. */
import { appendFileSync } from "node:fs";

export interface Timeline {
  /** From now on times are counted from 0. */
  start(): void;
  say(text: string): void;
  /** Kept, and not printed. */
  note(text: string): void;
}

/** Lines that are printed are kept in the file, with the time of day besides. */
export function openTimeline(file: string, print: (text: string) => void): Timeline {
  let zero = Date.now();
  return {
    start() {
      zero = Date.now();
    },
    note: (text) => appendFileSync(file, `${text}\n`),
    say(text) {
      const now = Date.now();
      const line = `${((now - zero) / 1_000).toFixed(1).padStart(7)} s  ${text}`;
      appendFileSync(file, `${new Date(now).toISOString()} ${line}\n`);
      print(line);
    },
  };
}
