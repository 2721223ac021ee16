/** Takes secrets out of texts and data that leave the process: by what they look like, and by what is known of them. */
import { hiddenValues } from "./hidden-values.ts";

/** What stands where something was. */
const REDACTED = "[redacted]";

/** Values from here on are hidden wherever they are; shorter ones where they stand alone. */
const LONG = 4;

/** What is a secret by its looks, and what of it stays. */
const LOOKS: readonly (readonly [look: RegExp, stays: string])[] = [
  // Whom a URL logs in as.
  [/\b([a-z][a-z\d+.-]*:\/\/)[^\s/"'@<>]*@/gi, `$1${REDACTED}@`],
  [/\b(Bearer|Basic|Digest|Negotiate)(\s+)[\w.~+/=-]{6,}/gi, `$1$2${REDACTED}`],
  [/\b((?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(\s*[:=]\s*)(?!\[redacted)[^\r\n"]+/gi, `$1$2${REDACTED}`],
  [
    /\b(pass(?:word|wd|phrase)?|secret|api[_-]?key|access[_-]?token)(\s*[:=]\s*)(?!\[redacted)[^\s,;&"']+/gi,
    `$1$2${REDACTED}`,
  ],
  // NATS: seeds of nkeys, and the tokens that go with them.
  [/\bS[NCOAUX][A-Z2-7]{56}\b/g, REDACTED],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+/g, REDACTED],
  [/-----BEGIN [A-Z ]*(?:PRIVATE KEY|SEED)-----[\s\S]*?(?:-----+END [A-Z ]*-----+|$)/g, REDACTED],
];

/** Names of members whose value is a secret whatever it looks like. */
const SECRET_NAME =
  /^(?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key|api[_-]?key|pass(?:word|wd|phrase)?|secret|seed|nkey|jwt|(?:access|refresh|id)?[_-]?token)$/i;

/** A text without secrets, and without the values that are hidden here and now. */
export function redactText(text: string): string {
  return redactWith(text, hiddenValues());
}

/** Plain data without them: every text in it, and the value of every member that is named like a secret. */
export function redactData(value: unknown): unknown {
  return redactDeep(value, hiddenValues());
}

/** One line of a log, as JSON. What says when, how bad and who stays as it is. */
export function redactLine(line: string): string {
  const hidden = hiddenValues();
  try {
    const read: unknown = JSON.parse(line);
    if (typeof read !== "object" || read === null) return redactWith(line, hidden);
    const kept = Object.entries(read).map(([name, value]: [string, unknown]): [string, unknown] => [
      name,
      KEPT.has(name) ? value : redactMember(name, value, hidden),
    ]);
    return `${JSON.stringify(Object.fromEntries(kept))}\n`;
  } catch {
    return redactWith(line, hidden);
  }
}

const KEPT = new Set(["level", "time", "service"]);

function redactDeep(value: unknown, hidden: readonly string[]): unknown {
  if (typeof value === "string") return redactWith(value, hidden);
  if (typeof value === "number") return hidden.includes(String(value)) ? REDACTED : value;
  if (Array.isArray(value)) return value.map((one) => redactDeep(one, hidden));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [redactWith(name, hidden), redactMember(name, one, hidden)]),
  );
}

function redactMember(name: string, value: unknown, hidden: readonly string[]): unknown {
  return SECRET_NAME.test(name) && value !== null && value !== undefined ? REDACTED : redactDeep(value, hidden);
}

function redactWith(text: string, hidden: readonly string[]): string {
  let shown = text;
  for (const value of hidden) {
    for (const form of formsOf(value)) {
      if (!shown.includes(form)) continue;
      shown =
        form.length >= LONG
          ? shown.replaceAll(form, REDACTED)
          : shown.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped(form)}(?![\\p{L}\\p{N}])`, "gu"), REDACTED);
    }
  }
  for (const [look, stays] of LOOKS) shown = shown.replaceAll(look, stays);
  return shown;
}

/** A text as a pattern of itself. */
function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** A value as texts quote it: as it is, in JSON, in JSON inside of JSON, in a URL. */
function formsOf(value: string): ReadonlySet<string> {
  const json = JSON.stringify(value).slice(1, -1);
  return new Set([value, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(value.toWellFormed())]);
}
