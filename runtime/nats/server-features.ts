/** What Tandem uses of a server, and since which release a server has it. */

/** One thing, in words that complete "it has no ...". */
export interface ServerFeature {
  readonly what: string;
  readonly since: string;
}

/** What is used, from the oldest. The last one makes the oldest release that will do. */
const FEATURES: readonly ServerFeature[] = [
  { what: "durables with several filters", since: "2.10.0" },
  { what: "metadata on streams and durables", since: "2.10.0" },
  { what: "pauses of durables", since: "2.11.0" },
  { what: "priority groups (overflow, pinned)", since: "2.11.0" },
  { what: "priority groups (prioritized)", since: "2.12.0" },
  { what: "message ids in atomic batches", since: "2.12.1" },
];

/** The oldest server that does all that is used. Older ones drop what they do not know without a word. */
export const OLDEST_SERVER = FEATURES.reduce((newest, { since }) => (isOlder(newest, since) ? since : newest), "0.0.0");

/** The level of the JetStream API that this server has; one that tells none has 0. */
export const OLDEST_API_LEVEL = 2;

/** What a server of a version lacks. */
export function missingIn(version: string): readonly ServerFeature[] {
  return FEATURES.filter(({ since }) => isOlder(version, since));
}

/** Whether a release came before another. A pre-release counts as its release: `2.12.1-RC.2` is `2.12.1`. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => text.split(/[.-]/, 3).map(Number);
  const [left, right] = [numbers(version), numbers(than)];
  const first = left.findIndex((number, place) => number !== right[place]);
  return first >= 0 && (left[first] ?? 0) < (right[first] ?? 0);
}
