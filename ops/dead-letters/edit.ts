/** Sends one letter back with another body. */
import { createHash } from "node:crypto";
import { peekEventId, readPointer, replayOf } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { type Decision, notOpen, type Outcome, outcomeOf, perform, watchOthers } from "./act.ts";
import { prettyText, readBody } from "./body.ts";
import { differences } from "./differences.ts";
import type { Letter } from "./letter.ts";
import { mask } from "./mask.ts";
import { createPreparation, originalOf, type System } from "./prepare.ts";
import { needTrail, type Trail } from "./trail.ts";

export interface EditOptions extends Decision {
  readonly body: Uint8Array;
  readonly dryRun: boolean;
  /** Shows sensitive values in the difference. */
  readonly reveal: boolean;
}

/** What became of a letter, and how its body changed. */
export interface Edited {
  readonly outcome: Outcome | { readonly letter: string; readonly outcome: "would be edited"; readonly words: string };
  /** Lines that begin with `-`, `+` or a space. */
  readonly difference: readonly string[];
}

/**
 * Replays a letter with the body given. It stays the same event of the same aggregate: a body that says another event
 * id or another key is refused, as is one that its version does not allow.
 *
 * @throws OpsError when there is no audit to write to
 */
export async function edit(system: System, letter: Letter, trail: Trail, options: EditOptions): Promise<Edited> {
  const { admin } = system;
  const { body, dryRun, reveal, ...decision } = options;
  await needTrail(admin);
  const original = await originalOf(admin, letter);
  const before = "gone" in original.body ? new Uint8Array() : original.body;
  const sensitive = system.catalogue.messageOf(letter.latest.channel, letter.latest.version)?.sensitive;
  const shown = (data: Uint8Array): readonly string[] => linesOf(data, reveal ? [] : sensitive);
  const difference = differences(shown(before), shown(body));
  const refused = (outcome: Outcome): Edited => ({ outcome, difference });

  const closed = notOpen(letter, decision);
  if (closed !== undefined) return refused(closed);
  if (Buffer.from(before).equals(body)) return refused(outcomeOf(letter, "invalid", "the body is the same as before"));
  const prepared = await createPreparation(system)(letter, body);
  if (prepared.kind === "invalid") return refused(outcomeOf(letter, "invalid", `still invalid: ${prepared.why}`));
  if (prepared.kind === "impossible")
    return refused(outcomeOf(letter, "impossible", `cannot be replayed: ${prepared.why}`));
  const another = anotherEvent(system, letter, body, peekEventId(original.headers));
  if (another !== undefined) return refused(outcomeOf(letter, "invalid", another));
  if (dryRun)
    return { outcome: { letter: letter.id, outcome: "would be edited", words: "would be replayed so" }, difference };

  const other = await watchOthers(admin, trail)(letter);
  if (other !== undefined)
    return refused(outcomeOf(letter, "not open", `${other.kind} by ${other.by} just now, as it was before`));
  const deed = {
    kind: "edited",
    message: (order: Parameters<typeof replayOf>[2]) => replayOf(prepared.message, prepared.subject, order),
    bodySha256: createHash("sha256").update(body).digest("hex"),
  } as const;
  return refused(await perform(admin, letter, deed, decision));
}

/** The letter's body as somebody edits it. */
export async function editableBody(system: System, letter: Letter): Promise<string> {
  const { body } = await originalOf(system.admin, letter);
  if ("gone" in body) throw new OpsError(`${body.gone}: write the whole body into a file, and give it with --body.`);
  const { text, value } = readBody(body);
  if (text === undefined)
    throw new OpsError("The body is not text: write another into a file, and give it with --body.");
  return value === undefined ? text : prettyText(text, value);
}

function anotherEvent(
  { catalogue }: System,
  { latest }: Letter,
  body: Uint8Array,
  idInHeaders: string | undefined,
): string | undefined {
  const message = catalogue.messageOf(latest.channel, latest.version);
  const { value } = readBody(body);
  const key = message && readPointer(value, message.key);
  const sameKey = typeof key === "string" || typeof key === "number" ? String(key) === latest.key : key === undefined;
  if (latest.key !== undefined && !sameKey) return `it is about another key then: ${message?.key} may not change`;
  const id = readPointer(value, "/meta/event_id");
  const known = idInHeaders ?? latest.eventId;
  if (known !== undefined && id !== undefined && id !== known)
    return `it is another event then: /meta/event_id is ${JSON.stringify(known)}`;
  return undefined;
}

function linesOf(data: Uint8Array, sensitive: readonly string[] | undefined): readonly string[] {
  const { text, value } = readBody(data);
  if (data.byteLength === 0) return [];
  if (sensitive?.length === 0)
    return (value === undefined ? (text ?? "(no text)") : prettyText(text ?? "", value)).split("\n");
  if (value === undefined || sensitive === undefined) return [`(hidden, ${data.byteLength} bytes)`];
  return JSON.stringify(mask(value, sensitive), null, 2).split("\n");
}
