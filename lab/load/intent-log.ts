/**
 * What customers wanted and what they were told, written down outside the system: JSON, a line before each request is sent
 * and another when it is answered. A request that has no second line was never answered as far as anybody knows.
 */
import { createWriteStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { once } from "node:events";
import type { Basket } from "./baskets.ts";
import type { Outcome } from "./send-order.ts";

/** One request. */
export interface Intent {
  /** When it was to start, ISO 8601. */
  readonly intendedAt: string;
  readonly idempotencyKey: string;
  readonly body: { readonly items: Basket };
}

/** One request with its answer. */
export interface LoggedIntent extends Intent {
  /** Undefined when there was none before the log ended. */
  readonly outcome: Outcome | undefined;
  /** From when it was to start, milliseconds. */
  readonly latencyMs: number | undefined;
}

export interface IntentLog {
  /** Resolves when the operating system has the line: only then may the request be sent. */
  intend(intent: Intent): Promise<void>;
  answered(idempotencyKey: string, outcome: Outcome, latencyMs: number): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Opens a log; adds to one that is there. */
export async function openIntentLog(path: string): Promise<IntentLog> {
  const file = createWriteStream(path, { flags: "a" });
  await once(file, "open");
  // Whoever writes a line hears of what is wrong.
  file.on("error", () => undefined);
  const write = (line: object) =>
    new Promise<void>((resolve, reject) => {
      file.write(`${JSON.stringify(line)}\n`, (error) => (error ? reject(error) : resolve()));
    });
  const answers: Promise<void>[] = [];
  return {
    intend: (intent) => write({ intent }),
    answered: (idempotencyKey, outcome, latencyMs) => {
      const written = write({ answer: { idempotencyKey, latencyMs, outcome } });
      answers.push(written);
      written.catch(() => undefined);
    },
    async close() {
      try {
        await Promise.all(answers);
      } finally {
        await new Promise<void>((resolve) => {
          file.end(() => resolve());
        });
      }
    },
  };
}

interface Line {
  readonly intent?: Intent;
  readonly answer?: Pick<LoggedIntent, "idempotencyKey"> & { readonly outcome: Outcome; readonly latencyMs: number };
}

/** The requests of a log in the order in which they were sent. A last line that was cut off is left out. */
export async function readIntentLog(path: string): Promise<readonly LoggedIntent[]> {
  const whole = (await readFile(path, "utf8")).split("\n").slice(0, -1);
  // Only this file writes these lines.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const lines = whole.map((line) => JSON.parse(line) as Line);
  const answers = new Map(lines.flatMap(({ answer }) => (answer ? [[answer.idempotencyKey, answer] as const] : [])));
  return lines.flatMap(({ intent }) => {
    if (intent === undefined) return [];
    const answer = answers.get(intent.idempotencyKey);
    return [{ ...intent, outcome: answer?.outcome, latencyMs: answer?.latencyMs }];
  });
}
