/** The audit: who did what with which dead letter, and why. */
import { randomUUID } from "node:crypto";
import type { Admin, StoredMessage } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import { AUDIT } from "../provision/own-streams.ts";
import type { Action, ActionKind } from "./letter.ts";

const SUBJECT = "tandem.audit.dead-letters";
const KINDS: readonly string[] = ["replayed", "edited", "discarded"] satisfies readonly ActionKind[];

/** What was written down, with the place up to which it was read. */
export interface Trail {
  /** Oldest first. */
  readonly actions: readonly Action[];
  readonly lastSequence: number;
}

/** Reads the actions on letters of these streams; none where the audit was never provisioned. */
export async function readTrail(admin: Admin, streams: readonly string[]): Promise<Trail> {
  if ((await admin.stream(AUDIT)) === undefined) return { actions: [], lastSequence: 0 };
  const actions: Action[] = [];
  let lastSequence = 0;
  for await (const message of admin.readStream(AUDIT, { subjects: [SUBJECT], follow: false })) {
    lastSequence = message.sequence;
    const action = readAction(message);
    if (action !== undefined && streams.includes(action.stream)) actions.push(action);
  }
  return { actions, lastSequence };
}

/** The actions of others, and ours, since a place in the audit. */
export async function readTrailSince(
  admin: Admin,
  { lastSequence: from }: Pick<Trail, "lastSequence">,
): Promise<Trail> {
  const actions: Action[] = [];
  let lastSequence = from;
  for (;;) {
    const message = await admin.nextMessage(AUDIT, SUBJECT, lastSequence + 1);
    if (message === undefined) return { actions, lastSequence };
    lastSequence = message.sequence;
    const action = readAction(message);
    if (action !== undefined) actions.push(action);
  }
}

/** @throws OpsError when nothing could be written down, and so nothing may be done */
export async function needTrail(admin: Admin): Promise<void> {
  if ((await admin.stream(AUDIT)) === undefined)
    throw new OpsError(`There is no stream ${AUDIT} to write down who did what. Run tandem provision first.`);
}

/** Writes an action down; it is stored when this resolves. */
export async function record(admin: Admin, action: Action): Promise<void> {
  const { kind, stream, letter, consumer, eventId, fingerprint, by, why, at, replayId, bodySha256 } = action;
  const written = {
    ...{ action: kind, stream, letter, consumer, event_id: eventId ?? null, fingerprint, by, why, at },
    ...(replayId === undefined ? {} : { replay_id: replayId }),
    ...(bodySha256 === undefined ? {} : { body_sha256: bodySha256 }),
  };
  const data = new TextEncoder().encode(JSON.stringify(written));
  await admin.publish({ subject: SUBJECT, data, headers: {}, messageId: `audit:${randomUUID()}` });
}

/** Undefined for what is none: the stream takes whatever is published to its subject. */
function readAction({ data }: StoredMessage): Action | undefined {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(data));
  } catch {
    return undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string | undefined => {
    const member = members.get(name);
    return typeof member === "string" ? member : undefined;
  };
  const kind = text("action");
  const letter = members.get("letter");
  const stream = text("stream");
  if (!isKind(kind) || typeof letter !== "number" || stream === undefined) return undefined;
  return {
    ...{ kind, stream, letter, consumer: text("consumer") ?? "", eventId: text("event_id") },
    ...{ fingerprint: text("fingerprint") ?? "", by: text("by") ?? "", why: text("why") ?? "", at: text("at") ?? "" },
    ...{ replayId: text("replay_id"), bodySha256: text("body_sha256") },
  };
}

function isKind(text: string | undefined): text is ActionKind {
  return text !== undefined && KINDS.includes(text);
}
