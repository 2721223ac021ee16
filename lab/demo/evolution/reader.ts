/** Readers that know one version of an event and nothing else: what they were told, and what they make of it. */
import type { Validator } from "@tandem/runtime";
import type { Admin } from "@tandem/runtime/admin";
import { type OrderCreatedV1, orderCreatedV1 } from "#generated/events/order-created/v1.ts";
import { type OrderCreatedV2, orderCreatedV2 } from "#generated/events/order-created/v2.ts";

/** What one message told: so many pieces of each product were ordered. */
export interface Told {
  readonly orderId: string;
  readonly quantities: ReadonlyMap<string, number>;
  /** Whether it says what the order costs. */
  readonly priced: boolean;
  /** Of the stream. */
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly storedAt: number;
}

/** How one version says it. */
export interface VersionReader<Body> {
  readonly version: string;
  readonly subject: string;
  readonly validate: Validator<Body>;
  readonly tell: (body: Body) => Omit<Told, "sequence" | "storedAt">;
}

export const READS_V1: VersionReader<OrderCreatedV1> = {
  version: "v1",
  subject: orderCreatedV1.subject,
  validate: orderCreatedV1.validate,
  tell: ({ order_id, items }) => ({
    orderId: order_id,
    quantities: sums(items.map(({ product_id, quantity }) => [product_id, quantity])),
    priced: false,
  }),
};

export const READS_V2: VersionReader<OrderCreatedV2> = {
  version: "v2",
  subject: orderCreatedV2.subject,
  validate: orderCreatedV2.validate,
  tell: ({ order_id, lines, total }) => ({
    orderId: order_id,
    quantities: sums(lines.map(({ sku, quantity }) => [sku, quantity])),
    priced: total !== null,
  }),
};

/** A reader at work. */
export interface Reader {
  readonly version: string;
  /** Messages that came, however often. */
  readonly messages: number;
  /** By event id: a fact that comes twice is one fact. */
  readonly facts: ReadonlyMap<string, Told>;
  /** What its schema refuses, as sentences. */
  readonly faults: readonly string[];
  stop(): Promise<void>;
}

/** Follows the subject of one version from the stream's beginning. */
export function startReader<Body>(
  admin: Admin,
  stream: string,
  { version, subject, validate, tell }: VersionReader<Body>,
): Reader {
  const stopping = new AbortController();
  const facts = new Map<string, Told>();
  const faults: string[] = [];
  let messages = 0;

  const reading = (async () => {
    for await (const { headers, data, sequence, storedAt } of admin.readStream(stream, {
      subjects: [subject],
      signal: stopping.signal,
    })) {
      messages += 1;
      const body: unknown = JSON.parse(new TextDecoder().decode(data));
      const id = headers["ce-id"];
      if (id === undefined) faults.push(`${subject} at ${stream}#${sequence} has no event id.`);
      else if (validate(body)) facts.set(id, { ...tell(body), sequence, storedAt });
      else
        faults.push(
          `${subject} at ${stream}#${sequence} is not what ${version} says: ${JSON.stringify(validate.errors)}`,
        );
    }
  })().catch(
    (error: unknown) =>
      void faults.push(`The reader of ${version} ended: ${error instanceof Error ? error.message : error}`),
  );

  return {
    version,
    get messages() {
      return messages;
    },
    facts,
    faults,
    async stop() {
      stopping.abort();
      await reading;
    },
  };
}

/** What the facts with these ids come to: pieces of each product, products in their order. */
export function fold({ facts }: Pick<Reader, "facts">, ids: Iterable<string>): string {
  const all = [...ids].flatMap((id) => [...(facts.get(id)?.quantities ?? [])]);
  return [...sums(all)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([product, quantity]) => `${quantity} ${product}`)
    .join(", ");
}

function sums(pairs: readonly (readonly [string, number])[]): Map<string, number> {
  const totals = new Map<string, number>();
  for (const [product, quantity] of pairs) totals.set(product, (totals.get(product) ?? 0) + quantity);
  return totals;
}
