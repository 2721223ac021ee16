/** Reads the books of a fleet that has come to rest. */
import { openStore } from "@tandem/runtime/admin";
import { readLettersNow } from "../../../ops/verify/letters.ts";
import { Ledger } from "../../gateway/ledger.ts";
import { readIntentLog } from "../../load/intent-log.ts";
import type { Fleet } from "../fleet/fleet.ts";
import type { OwnEnd } from "../fleet/member.ts";
import type { BookedLetter, Books, StoredOften } from "./books.ts";
import { chargesIn, ordersIn, reservationsIn, stockIn, type Rows } from "./tables.ts";

/** Reads all of them. `messages` is how many the streams of events hold. */
export async function collectBooks(
  fleet: Fleet,
  logFile: string,
  ownEnds: readonly OwnEnd[],
): Promise<Books & { readonly messages: number }> {
  const store = openStore(fleet.databaseUrl, { readOnly: true });
  const rowsOf =
    (service: string): Rows =>
    async (sql) =>
      (await store.of(service).query<Record<string, unknown>>(sql)).rows;
  try {
    const [orders, reservations, stock, charges, letters, repeated, intents] = await Promise.all([
      ordersIn(rowsOf("order")),
      reservationsIn(rowsOf("inventory")),
      stockIn(rowsOf("inventory")),
      chargesIn(rowsOf("payment")),
      readLetters(fleet),
      countStored(fleet),
      readIntentLog(logFile),
    ]);
    return {
      ...{
        intents,
        ledger: new Ledger(fleet.gateway.ledgerFile).entries,
        orders,
        reservations,
        stock,
        charges,
        letters,
      },
      ...{ repeated: repeated.often, messages: repeated.messages, ownEnds },
      injected: fleet.injections.all,
      deletedStreams: fleet.injections.deletedStreams,
    };
  } finally {
    await store.close();
  }
}

/** Every dead letter of a consumer. */
export async function readLetters({ withAdmin, topology }: Fleet): Promise<readonly BookedLetter[]> {
  const found = await withAdmin(async (admin) => readLettersNow(admin, topology));
  return (found?.letters ?? []).map(({ id, state, latest: { durable, service, eventId = "", code } }) => ({
    ...{ id, state, durable, service, eventId, code },
  }));
}

async function countStored({ withAdmin, topology }: Fleet) {
  const events = topology.streams.filter(({ owner }) => owner !== null);
  const times = new Map<string, StoredOften>();
  let messages = 0;
  await withAdmin(async (admin) => {
    for (const { name } of events) {
      for await (const { stream, subject, headers } of admin.readStream(name, { follow: false, headersOnly: true })) {
        if (subject.startsWith("replay.")) continue;
        messages += 1;
        const eventId = headers["ce-id"] ?? "";
        const place = JSON.stringify([stream, subject, eventId]);
        times.set(place, { stream, subject, eventId, times: (times.get(place)?.times ?? 0) + 1 });
      }
    }
  });
  return { messages, often: [...times.values()].filter((stored) => stored.times > 1) };
}
