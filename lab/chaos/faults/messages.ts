import { randomBytes, randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { Fault } from "../fault.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { STREAMS } from "./kill-nats.ts";

/** What nobody could take, with what is wrong with it. */
const POISONS = {
  "not JSON": () => new TextEncoder().encode("{ this is not JSON"),
  "not UTF-8": () => new Uint8Array([0xff, 0xfe, 0x00, 0x80]),
  "another shape": () => new TextEncoder().encode(JSON.stringify({ version: "v1", order_id: 7 })),
  empty: () => new Uint8Array(),
  // With what a dead letter adds it is more than a server takes.
  "nearly a megabyte": () => new Uint8Array(randomBytes(1_048_000 - 200)),
} as const;

const EVERY_MS = 150;

function isPoison(word: string | number | undefined): word is keyof typeof POISONS {
  return typeof word === "string" && Object.hasOwn(POISONS, word);
}

async function poison({ withAdmin, topology, injections }: Fleet, what: keyof typeof POISONS): Promise<number> {
  return withAdmin(async (admin) => {
    let sent = 0;
    for (const { subject, type, stream } of topology.messages) {
      const durables = topology.consumers.filter(({ filterSubjects }) => filterSubjects.includes(subject));
      if (durables.length === 0) continue;
      const messageId = randomUUID();
      const headers = { "ce-id": messageId, "ce-type": type };
      // While leaders change nobody takes it: it is left out then.
      const ack = await admin.publish({ subject, data: POISONS[what](), headers, messageId }).catch(() => undefined);
      if (ack === undefined) continue;
      injections.add({
        ...{ kind: "poison", stream, subject, eventId: messageId, says: what },
        durables: durables.map(({ durable }) => durable),
      });
      sent += 1;
    }
    return sent;
  });
}

/** Messages that no consumer can take, one for each version of each event that somebody reads. */
export const poisonMessages: Fault = {
  name: "poison",
  kind: "messages",
  says: "messages that no consumer can take, on every subject that is read",
  seconds: [3, 5],
  aim: (random) => {
    const kinds = Object.keys(POISONS);
    return { what: random.pick(kinds) };
  },
  async begin(fleet, { what }) {
    const sent = await poison(fleet, isPoison(what) ? what : "not JSON");
    return { says: `${sent} messages: ${what}`, end: async () => undefined };
  },
};

/** Stored events once more, under message ids that no duplicate window knows. */
export const duplicates: Fault = {
  name: "duplicates",
  kind: "messages",
  says: "the last events of every stream once more, as after the duplicate window, newest first",
  seconds: [4, 7],
  aim: (random) => ({ events: random.between(10, 40) }),
  async begin({ withAdmin, injections }, { events }) {
    let sent = 0;
    const sending = withAdmin(async (admin) => {
      for (const stream of STREAMS) {
        const { lastSequence = 0 } = (await admin.stream(stream)) ?? {};
        // Newest first: what came last comes before what came first.
        for (let sequence = lastSequence; sequence > Math.max(0, lastSequence - Number(events)); sequence -= 1) {
          const message = await admin.message(stream, sequence).catch(() => undefined);
          if (message === undefined || message.subject.startsWith("replay.")) continue;
          const { subject, data } = message;
          const eventId = message.headers["ce-id"] ?? "";
          if (injections.all.some((own) => own.kind === "poison" && own.eventId === eventId)) continue;
          const headers = Object.fromEntries(
            Object.entries(message.headers).filter(([name]) => !name.toLowerCase().startsWith("nats-")),
          );
          const ack = await admin.publish({ subject, data, headers, messageId: randomUUID() }).catch(() => undefined);
          if (ack === undefined) continue;
          injections.add({
            ...{ kind: "duplicate", stream, subject, eventId, durables: [] },
            says: `#${sequence} once more`,
          });
          sent += 1;
        }
        await delay(EVERY_MS);
      }
    }).catch(() => undefined);
    return {
      says: "stored events are published once more",
      async end() {
        await sending;
        return `${sent} events`;
      },
    };
  },
};
