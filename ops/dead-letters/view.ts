/** Letters as they are shown: without what is not for everybody's eyes, unless it is asked for. */
import type { MessageHeaders } from "@tandem/runtime/admin";
import type { Entry, Letter, LetterState } from "./letter.ts";
import { MASK, maskText } from "./mask.ts";

/** A letter in a list. Times as ISO 8601 says them. */
export interface LetterView {
  readonly id: string;
  readonly state: LetterState;
  readonly service: string;
  readonly event: string;
  readonly version: number;
  readonly durable: string;
  readonly eventId: string | undefined;
  readonly key: string | undefined;
  readonly fingerprint: string;
  readonly code: string;
  readonly error: string;
  readonly attempts: number;
  readonly occurrences: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** Letters of the same trouble. */
export interface GroupView {
  readonly fingerprint: string;
  readonly service: string;
  readonly event: string;
  readonly code: string;
  /** That of the one that failed last. */
  readonly error: string;
  readonly letters: number;
  readonly occurrences: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** A letter for a list. */
export function letterView(letter: Letter, reveal: boolean): LetterView {
  const { id, state, latest, entries } = letter;
  const { service, event, version, durable, eventId, fingerprint, code, attempts } = latest;
  const hidesKey = !reveal && latest.hidesKey;
  return {
    ...{ id, state, service, event, version, durable, eventId, key: hidesKey ? MASK : latest.key },
    ...{ fingerprint, code, error: errorOf(latest, reveal), attempts, occurrences: entries.length },
    firstAt: timeOf(entries[0] ?? latest),
    lastAt: timeOf(latest),
  };
}

/** The letters by what they have in common, the largest group first. */
export function groupViews(letters: readonly LetterView[]): readonly GroupView[] {
  const groups = [...Map.groupBy(letters, ({ fingerprint }) => fingerprint)];
  return groups
    .flatMap(([fingerprint, members]): GroupView[] => {
      const [latest] = members;
      if (latest === undefined) return [];
      const { service, event, code, error, lastAt } = latest;
      return [
        {
          ...{ fingerprint, service, event, code, error, letters: members.length },
          occurrences: members.reduce((sum, { occurrences }) => sum + occurrences, 0),
          firstAt: members.map(({ firstAt }) => firstAt).toSorted()[0] ?? lastAt,
          lastAt,
        },
      ];
    })
    .toSorted((a, b) => b.letters - a.letters);
}

/** The error of an entry. It may quote the body. */
export function errorOf({ error, secrets }: Entry, reveal: boolean): string {
  return reveal ? error : maskText(error, secrets);
}

/** The headers of an entry's message. */
export function headersView(entry: Entry, headers: MessageHeaders, reveal: boolean): Readonly<Record<string, string>> {
  const hidesKey = !reveal && entry.hidesKey;
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => {
      if (hidesKey && name.toLowerCase() === "ce-subject") return [name, MASK];
      return [name, reveal ? value : maskText(value, entry.secrets)];
    }),
  );
}

/** When an entry was stored. */
export function timeOf({ storedAt }: Entry): string {
  return new Date(storedAt).toISOString();
}
