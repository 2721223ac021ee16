/** Reads what the servers know of a key, a conversation or an event. */
import { TandemError } from "@tandem/runtime";
import {
  type Admin,
  findConversations,
  openAdmin,
  openStore,
  readRunsSoFar,
  readTraceRows,
  type StoredMessage,
} from "@tandem/runtime/admin";
import { holdsDeadLetters } from "../dead-letter-stream.ts";
import { overlap } from "../subjects.ts";
import type { Topology } from "../topology.ts";
import type { DurablePlace, FoundLetter, ServiceRows, Sources } from "./sources.ts";

/** Whom to ask. */
export interface Servers {
  readonly natsUrl: string;
  /** A role that may read every service's schema. */
  readonly databaseUrl: string;
}

/** Somebody waits at a terminal. */
const ANSWER_MS = 3_000;

/**
 * The sources of a trace. An unreachable broker is an answer: what was published and applied is in the database.
 *
 * @param subject a key, a correlation id or an event id
 * @throws TandemError when the database does not answer
 */
export async function gather(topology: Topology, subject: string, servers: Servers): Promise<Sources> {
  const services = await readServices(subject, servers.databaseUrl);
  const eventIds = new Set(services.flatMap(({ events, runs }) => [...events, ...runs].map(({ eventId }) => eventId)));
  try {
    const admin = await openAdmin({ servers: servers.natsUrl.split(","), name: "tandem trace", deadlineMs: ANSWER_MS });
    try {
      const letters = await readLetters(admin, topology, eventIds);
      return { topology, services, letters, durables: await readDurables(admin, topology) };
    } finally {
      await admin.close();
    }
  } catch (error) {
    if (!(error instanceof TandemError && error.code === "BROKER_UNREACHABLE")) throw error;
    return { topology, services, letters: [], durables: undefined };
  }
}

async function readServices(subject: string, databaseUrl: string): Promise<readonly ServiceRows[]> {
  const store = openStore(databaseUrl);
  try {
    const schemas = await store.schemas();
    const found = await Promise.all(schemas.map(async (schema) => findConversations(store.of(schema), subject)));
    const conversations = [...new Set(found.flat())];
    const services: ServiceRows[] = [];
    for (const service of schemas) {
      services.push({ service, ...(await readTraceRows(store.of(service), conversations)), attempts: [] });
    }
    const places = services.flatMap(({ events }) => events.flatMap(({ published }) => published?.sequences ?? []));
    return await Promise.all(
      services.map(async (rows) => ({ ...rows, attempts: await readRunsSoFar(store.of(rows.service), places) })),
    );
  } finally {
    await store.close();
  }
}

async function readLetters(
  admin: Admin,
  { streams, consumers }: Topology,
  eventIds: ReadonlySet<string>,
): Promise<readonly FoundLetter[]> {
  const letters: FoundLetter[] = [];
  const subjects = consumers.map(({ deadLetterSubject }) => deadLetterSubject);
  for (const stream of streams.filter(holdsDeadLetters)) {
    const held = subjects.filter((subject) => stream.subjects.some((pattern) => overlap(pattern, subject)));
    if (held.length === 0 || (await admin.stream(stream.name)) === undefined) continue;
    for await (const message of admin.readStream(stream.name, { subjects: held, follow: false })) {
      const consumer = consumers.find(({ deadLetterSubject }) => deadLetterSubject === message.subject);
      const eventId = message.headers["ce-id"];
      if (consumer === undefined || eventId === undefined || !eventIds.has(eventId)) continue;
      letters.push({ ...letterOf(message), service: consumer.service, channel: consumer.channel, eventId });
    }
  }
  return letters;
}

function letterOf({ sequence, storedAt, subject, headers }: StoredMessage) {
  return {
    sequence,
    at: new Date(storedAt),
    code: headers["dlq-code"] ?? "",
    error: headers["dlq-error"] ?? "",
    attempts: Number(headers["dlq-attempts"] ?? 0),
    subject,
  };
}

async function readDurables(admin: Admin, { streams }: Topology): Promise<readonly DurablePlace[]> {
  const places: DurablePlace[] = [];
  for (const { name } of streams) {
    if ((await admin.stream(name)) === undefined) continue;
    for (const { name: durable, deliveredSequence, settledSequence } of await admin.durables(name)) {
      places.push({ durable, deliveredSequence, settledSequence });
    }
  }
  return places;
}
