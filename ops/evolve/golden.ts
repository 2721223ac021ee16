/** Golden payloads: what a version looked like before there was a next one. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { MessageUse } from "../../codegen/spec/contract.ts";

/**
 * Records the examples of a message, once: what is there was recorded before, and stays. The tests of an evolution
 * read it, so that two shims with the same mistake do not agree in peace.
 * @returns What it did, in one line.
 */
export function recordGolden(folder: string, { message }: MessageUse, dryRun: boolean): string {
  const file = join(folder, "golden", `${message.key}.json`);
  const payloads = message.examples.flatMap(({ name, payload }) =>
    payload === undefined ? [] : [{ ...(name === undefined ? {} : { name }), body: payload.value }],
  );
  if (payloads.length === 0) {
    return `no golden payload: ${message.key} has no examples; put one into ${file} before the schema changes`;
  }
  if (existsSync(file)) return `kept ${file}`;
  if (!dryRun) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(payloads, null, 2)}\n`);
  }
  const count = payloads.length === 1 ? "1 payload" : `${payloads.length} payloads`;
  return `${dryRun ? "would record" : "recorded"} ${count} of ${message.key} in ${file}`;
}
