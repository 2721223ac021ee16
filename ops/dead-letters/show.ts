/** Everything that is known of letters. */
import type { Action, Letter } from "./letter.ts";
import { prettyText, readBody } from "./body.ts";
import { messageOf } from "./entry.ts";
import { mask } from "./mask.ts";
import { type Outlook, outlooks } from "./outlook.ts";
import { originalOf, type System } from "./prepare.ts";
import { errorOf, headersView, type LetterView, letterView, timeOf } from "./view.ts";

export interface ShownLetter extends LetterView {
  /** Where the message lies that was given up last. */
  readonly source: { readonly stream: string; readonly sequence: number; readonly subject: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ShownBody;
  /** Oldest first. */
  readonly history: readonly {
    readonly sequence: number;
    readonly at: string;
    readonly code: string;
    readonly error: string;
    readonly attempts: number;
    readonly source: { readonly stream: string; readonly sequence: number; readonly subject: string };
    /** The replay that it came of. */
    readonly replayId: string | undefined;
  }[];
  /** Oldest first. */
  readonly actions: readonly Action[];
  readonly outlook: Outlook | undefined;
}

/** A body; text is pretty where it is JSON. Without a text it is no text, or may not be shown, or is gone. */
export interface ShownBody {
  readonly bytes: number;
  readonly text?: string;
  readonly without?: string;
}

export interface ShowOptions {
  /** Shows sensitive values. */
  readonly reveal: boolean;
  readonly databaseUrl: string | undefined;
}

/** Reads letters again, and what a replay of each would do. */
export async function show(
  system: System,
  letters: readonly Letter[],
  { reveal, databaseUrl }: ShowOptions,
): Promise<readonly ShownLetter[]> {
  const { admin, catalogue } = system;
  const outlook = await outlooks(system, letters, databaseUrl);
  const shown: ShownLetter[] = [];
  for (const letter of letters) {
    const { headers, body } = await originalOf(admin, letter);
    const sensitive = messageOf(letter.latest, headers, catalogue)?.sensitive;
    shown.push({
      ...letterView(letter, reveal),
      source: letter.latest.source,
      headers: headersView(letter.latest, headers, reveal),
      body: "gone" in body ? { bytes: 0, without: body.gone } : bodyView(body, reveal ? [] : sensitive),
      history: letter.entries.map((entry) => ({
        ...{ sequence: entry.sequence, at: timeOf(entry), code: entry.code, error: errorOf(entry, reveal) },
        ...{ attempts: entry.attempts, source: entry.source, replayId: entry.replayId },
      })),
      actions: letter.actions,
      outlook: outlook.get(letter),
    });
  }
  return shown;
}

/** What cannot be read cannot be hidden in part; what nobody knows may hold anything. */
function bodyView(data: Uint8Array, sensitive: readonly string[] | undefined): ShownBody {
  const bytes = data.byteLength;
  const { text, value } = readBody(data);
  if (text === undefined) return { bytes, without: "it is no text in UTF-8" };
  if (sensitive?.length === 0) return { bytes, text: value === undefined ? text : prettyText(text, value) };
  if (sensitive === undefined)
    return { bytes, without: "the contract does not know its version, and so not what is sensitive: see --reveal" };
  if (value === undefined)
    return { bytes, without: "it is not JSON, and its version has sensitive values: see --reveal" };
  return { bytes, text: JSON.stringify(mask(value, sensitive), null, 2) };
}
