/** The tables of the services as books, whichever database they are in. */
import type { BookedCharge, BookedLine, BookedOrder, BookedReservation, BookedStock } from "./books.ts";

type Row = Readonly<Record<string, unknown>>;

/** Runs a statement in the schema of a service. */
export type Rows = (sql: string) => Promise<readonly Row[]>;

const LINES = "json_agg(json_build_object('productId', product_id, 'quantity', quantity))";

/** The orders, oldest first. */
export async function ordersIn(rows: Rows): Promise<readonly BookedOrder[]> {
  const found = await rows(
    `select order_id::text, stage, reason, total_amount, placed_at,
            (select key from idempotency_keys as keyed where keyed.order_id = orders.order_id) as key,
            (select ${LINES} from order_lines as line where line.order_id = orders.order_id) as lines
       from orders order by placed_at`,
  );
  return found.map((row) => ({
    ...{ orderId: text(row, "order_id"), key: optional(row, "key"), stage: text(row, "stage") },
    ...{ reason: optional(row, "reason"), total: Number(row["total_amount"]), lines: linesOf(row) },
    placedAt: row["placed_at"] instanceof Date ? row["placed_at"].getTime() : 0,
  }));
}

/** The reservations. */
export async function reservationsIn(rows: Rows): Promise<readonly BookedReservation[]> {
  const found = await rows(
    `select order_id::text, state,
            (select ${LINES} from reservation_lines as line where line.order_id = reservations.order_id) as lines
       from reservations`,
  );
  return found.map((row) => ({ orderId: text(row, "order_id"), state: text(row, "state"), lines: linesOf(row) }));
}

/** The stock. */
export async function stockIn(rows: Rows): Promise<readonly BookedStock[]> {
  const found = await rows("select product_id, available, reserved, sold from stock");
  return found.map((row) => ({
    ...{ productId: text(row, "product_id"), available: Number(row["available"]) },
    ...{ reserved: Number(row["reserved"]), sold: Number(row["sold"]) },
  }));
}

/** The charges. */
export async function chargesIn(rows: Rows): Promise<readonly BookedCharge[]> {
  const found = await rows("select order_id::text, state, amount, reason from charges");
  return found.map((row) => ({
    ...{ orderId: text(row, "order_id"), state: text(row, "state"), reason: optional(row, "reason") },
    amount: row["amount"] === null ? undefined : Number(row["amount"]),
  }));
}

function text(row: Row, column: string): string {
  return optional(row, column) ?? "";
}

function optional(row: Row, column: string): string | undefined {
  const value = row[column];
  return typeof value === "string" ? value : undefined;
}

function linesOf(row: Row): readonly BookedLine[] {
  const lines: unknown = row["lines"];
  return Array.isArray(lines) ? lines.filter(isLine) : [];
}

function isLine(value: unknown): value is BookedLine {
  return typeof value === "object" && value !== null && "productId" in value && "quantity" in value;
}
