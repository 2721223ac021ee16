/** The streams from their beginning, once more, into fresh databases; then the tables are compared with the live ones. */
import { provisionDatabase, type StoredMessage } from "@tandem/runtime/admin";
import { inventory } from "#generated/services/inventory.ts";
import { payment } from "#generated/services/payment.ts";
import type { Verdict } from "../../../ops/verify/verdict.ts";
import { inventoryHandlers } from "../../../services/inventory/handlers.ts";
import { paymentHandlers } from "../../../services/payment/handlers.ts";
import { createDatabase } from "../../servers/postgres-database.ts";
import type { Books } from "../books/books.ts";
import { chargesIn, reservationsIn, stockIn } from "../books/tables.ts";
import type { Fleet } from "../fleet/fleet.ts";
import { compareInventory, compareOrders, comparePayment, type Replayed } from "./compare.ts";
import { foldOrders, type FoldedEvent } from "./fold-orders.ts";
import { recordedGateway } from "./recorded-gateway.ts";
import { isForGood, openShadowService, type ShadowService } from "./shadow-service.ts";
import { reasonOf } from "../../servers/lab-error.ts";

/** Replays and compares. */
export async function replayIntoShadow(fleet: Fleet, books: Books): Promise<readonly Verdict[]> {
  const messages = await readEvents(fleet);
  const shadow = await createDatabase(fleet.databaseUrl);
  try {
    const databases = await provisionDatabase(shadow.url, [inventory.name, payment.name]);
    const urlOf = (name: string): string => databases.find(({ service }) => service === name)?.url ?? "";
    const schemaOf = (name: string): URL => new URL(`../../../services/${name}/schema.sql`, import.meta.url);
    const replay = async (service: ShadowService): Promise<Replayed> => {
      try {
        return await replayInto(service, messages, fleet);
      } finally {
        await service.close();
      }
    };
    const stock = await replay(
      await openShadowService(inventory, { ...inventoryHandlers }, urlOf(inventory.name), schemaOf(inventory.name)),
    );
    const handlers = { ...paymentHandlers(recordedGateway(books.ledger)) };
    const money = await replay(await openShadowService(payment, handlers, urlOf(payment.name), schemaOf(payment.name)));
    return [
      compareOrders(books, foldOrders(messages.flatMap(foldable))),
      compareInventory(books, stock),
      comparePayment(books, money),
    ];
  } finally {
    await shadow.drop();
  }
}

/** Every event of the streams, each stream in its order. Replays are left out: they are copies for one durable. */
async function readEvents({ topology, withAdmin }: Fleet): Promise<readonly StoredMessage[]> {
  const messages: StoredMessage[] = [];
  await withAdmin(async (admin) => {
    for (const { name, owner } of topology.streams) {
      if (owner === null) continue;
      for await (const message of admin.readStream(name, { follow: false })) {
        if (!message.subject.startsWith("replay.")) messages.push(message);
      }
    }
  });
  return messages;
}

async function replayInto(
  service: ShadowService,
  messages: readonly StoredMessage[],
  { injections }: Fleet,
): Promise<Replayed> {
  const spoiled = new Set(injections.all.flatMap(({ kind, eventId }) => (kind === "poison" ? [eventId] : [])));
  const refused: Replayed["refused"][number][] = [];
  let applied = 0;
  /** A confirmation may lie before what it confirms, where a stream was deleted and mended: it comes once more. */
  const later: StoredMessage[] = [];
  const apply = async (message: StoredMessage, isLast: boolean): Promise<void> => {
    try {
      if (await service.apply(message)) applied += 1;
    } catch (error) {
      if (spoiled.has(message.headers["ce-id"] ?? "") && isForGood(error)) return;
      if (!isLast) later.push(message);
      else refused.push({ message: `${message.stream} #${message.sequence} ${message.subject}`, why: reasonOf(error) });
    }
  };
  for (const message of messages) await apply(message, false);
  for (const message of later) await apply(message, true);
  const [reservations, stock, charges] = await Promise.all([
    reservationsIn(service.rows).catch(() => []),
    stockIn(service.rows).catch(() => []),
    chargesIn(service.rows).catch(() => []),
  ]);
  return { reservations, stock, charges, refused, applied };
}

/** What the fold goes by, where it can be read: poison cannot. */
function foldable({ subject, data, headers }: StoredMessage): readonly FoldedEvent[] {
  const [, name] = /^(orders\.[a-z]+)\.v1$/.exec(subject) ?? [];
  if (name === undefined) return [];
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder().decode(data));
  } catch {
    return [];
  }
  if (!isBody(body)) return [];
  const { order_id: orderId, items = [], reason, total } = body;
  return [
    {
      ...{ name, eventId: headers["ce-id"] ?? "", orderId, reason, total: total?.amount },
      items: items.map(({ product_id: productId, quantity }) => ({ productId, quantity })),
    },
  ];
}

interface Body {
  readonly order_id: string;
  readonly items?: readonly { readonly product_id: string; readonly quantity: number }[];
  readonly reason?: string;
  readonly total?: { readonly amount: number };
}

function isBody(value: unknown): value is Body {
  return typeof value === "object" && value !== null && "order_id" in value && typeof value.order_id === "string";
}
