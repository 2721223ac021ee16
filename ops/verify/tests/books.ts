/** The reference system on real servers with some history behind it, and a hand that can spoil its books. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openAdmin, openStore } from "@tandem/runtime/admin";
import { afterAll, beforeAll, expect } from "vitest";
import { readAccepted, readStatus } from "../../../lab/system/answers.ts";
import { startSystem } from "../../../lab/system/system.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { deadLettersCommand } from "../../dead-letters/command.ts";
import { verifyCommand } from "../command.ts";
import type { Report } from "../verdict.ts";

/** The price of a kettle, which the gateway declines here. */
const KETTLE = 5_900;

/** What one service commits by hand. */
interface ByHand {
  readonly service: string;
  readonly event: string;
  /** Pinned as version 1, without `version` and `meta`. */
  readonly payload: object;
  readonly key: string;
  readonly correlationId?: string;
  readonly causationId?: string;
}

/** Orders of every ending, and dead letters of every state. */
interface History {
  readonly confirmed: string;
  readonly rejected: string;
  readonly declined: string;
  /** Of which order knows nothing: its confirmation became a dead letter, and was sent back. */
  readonly sold: string;
  /** Event ids of letters: one that was sent back and applied, and one that is open. */
  readonly replayed: string;
  readonly open: string;
}

/** Starts the system; `stop` ends it. */
async function openBooks(servers: { readonly natsUrl: string; readonly databaseUrl: string }) {
  const { natsUrl, databaseUrl } = servers;
  const directory = await mkdtemp(join(tmpdir(), "tandem-books-"));
  const system = await startSystem({ ...servers, directory });
  const admin = await openAdmin({ servers: [natsUrl] });
  const store = openStore(databaseUrl);
  const env = { NATS_URL: natsUrl, DATABASE_URL: databaseUrl };
  const run = async (command: typeof verifyCommand, ...argv: string[]) => {
    const lines: string[] = [];
    const code = await command.run(argv, { env, print: (text) => void lines.push(text) });
    return { code, text: lines.join("\n") };
  };
  const rows = async <Row extends object>(service: string, sql: string, values: unknown[] = []) =>
    (await store.of(service).query<Row>(sql, values)).rows;

  const books = {
    system,
    admin,
    store,
    rows,
    verify: (...argv: string[]) => run(verifyCommand, ...argv),
    letters: (...argv: string[]) => run(deadLettersCommand, ...argv),
    /** The report when nothing moves any more. */
    async look(): Promise<Report> {
      return eventually(
        async () => {
          const report: Report = JSON.parse((await books.verify("--json", "--grace", "0")).text);
          const moving = report.verdicts.filter(({ inFlight }) => inFlight > 0);
          expect(moving).toEqual([]);
          return report;
        },
        { deadlineMs: 30_000, intervalMs: 100 },
      );
    },
    /** Orders, and waits until it is decided. */
    async order(product_id: string, quantity: number): Promise<string> {
      const response = await fetch(`${system.url}/orders`, {
        method: "POST",
        headers: { "content-type": "application/json", "idempotency-key": randomUUID() },
        body: JSON.stringify({ items: [{ product_id, quantity }] }),
      });
      const { order_id: id } = await readAccepted(response);
      await eventually(async () => {
        const { status } = await readStatus(await fetch(`${system.url}/orders/${id}`));
        return status !== "processing";
      });
      return id;
    },
    /** Commits an event to the outbox of a service, past the service. Answers its id. */
    async commit({ service, event, payload, key, correlationId = "c-hand", causationId = correlationId }: ByHand) {
      const eventId = randomUUID();
      const meta = { event_id: eventId, occurred_at: new Date().toISOString(), sequence: 1 };
      const body = {
        ...{ version: "v1", ...payload },
        meta: { ...meta, correlation_id: correlationId, causation_id: causationId },
      };
      const versions = [{ version: 1, type: `${event}.v1`, subject: `${event}.v1`, body }];
      await rows(
        service,
        `with taken as (
           insert into tandem_aggregates (key, sequence) values ($1, 1)
           on conflict (key) do update set sequence = tandem_aggregates.sequence + 1 returning sequence)
         insert into tandem_outbox
           (key, sequence, event, event_id, occurred_at, versions, correlation_id, causation_id)
         select $1, taken.sequence, $2, $3, now(), $4, $5, $6 from taken`,
        [key, event, eventId, JSON.stringify(versions), correlationId, causationId],
      );
      return eventId;
    },
    /** Publishes to a stream past every outbox. Answers the event id. */
    async publish(
      subject: string,
      body: { readonly order_id?: string; readonly [member: string]: unknown },
      eventId: string = randomUUID(),
    ) {
      const [time, conversation] = [new Date().toISOString(), "c-stranger"];
      const meta = { event_id: eventId, occurred_at: time, correlation_id: conversation, causation_id: conversation };
      const headers = {
        ...{ "ce-specversion": "1.0", "ce-id": eventId, "ce-type": subject, "ce-source": "stranger", "ce-time": time },
        ...{ "ce-subject": body.order_id ?? "none", "correlation-id": conversation, "causation-id": conversation },
      };
      const data = new TextEncoder().encode(JSON.stringify({ ...body, meta: { ...meta, sequence: 1 } }));
      await admin.publish({ subject, data, headers, messageId: randomUUID() });
      return eventId;
    },
    /** Waits until an event has so many dead letters. */
    async givenUp(eventId: string, entries = 1): Promise<void> {
      await eventually(async () => {
        const shown = JSON.parse((await books.letters("list", "--json", "--each", eventId)).text);
        return shown.letters[0]?.occurrences >= entries;
      });
    },
    /** Lets orders and letters of every kind happen. */
    async live(): Promise<History> {
      await fetch(`${system.gateway.url}/behaviour`, {
        method: "PUT",
        body: JSON.stringify([{ mode: "decline", amount: KETTLE }]),
      });
      const [confirmed, rejected, declined] = await Promise.all([
        books.order("tea-250", 2),
        books.order("pot-clay", 4),
        books.order("kettle-steel", 1),
      ]);
      // Of orders that order never accepted: inventory can sell what it reserved before, and order knows nothing of it.
      const [known, unknown] = [randomUUID(), randomUUID()];
      const total = { amount: 100, currency: "EUR" };
      const confirm = (key: string) =>
        books.commit({ service: "order", event: "orders.confirmed", key, payload: { order_id: key, total } });
      const [replayed, open] = [await confirm(known), await confirm(unknown)];
      await books.givenUp(replayed);
      await books.givenUp(open);
      const items = [{ product_id: "tea-250", quantity: 1 }];
      await books.commit({
        ...{ service: "order", event: "orders.created", key: known },
        payload: { order_id: known, items },
      });
      const reserved = await eventually(async () => {
        const [found] = await rows<{ event_id: string }>(
          "inventory",
          "select event_id from tandem_published where key = $1",
          [known],
        );
        return found?.event_id ?? false;
      });
      await books.givenUp(reserved);
      expect(await books.letters("discard", reserved, "--why", "a test")).toMatchObject({ code: 0 });
      expect(await books.letters("replay", replayed, "--why", "a test")).toMatchObject({ code: 0 });
      return { confirmed, rejected, declined, sold: known, replayed, open };
    },
    async stop(): Promise<void> {
      await Promise.all([admin.close(), store.close()]);
      await system.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return books;
}

type Books = Awaited<ReturnType<typeof openBooks>>;

/** Books for the tests of one file, with their history; `brokenBy` says what is broken by something that was not before. */
export function booksForTests(servers: { readonly natsUrl: string; readonly databaseUrl: string }) {
  let books: Books | undefined;
  let history: History | undefined;
  let latest: Report | undefined;
  beforeAll(async () => {
    books = await openBooks(servers);
    history = await books.live();
  }, 120_000);
  afterAll(() => books?.stop());
  const there = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("The system is not there before the first test.");
    return thing;
  };
  return {
    get books() {
      return there(books);
    },
    get history() {
      return there(history);
    },
    async brokenBy(spoil: () => Promise<unknown>) {
      const before = latest ?? (await there(books).look());
      await spoil();
      latest = await there(books).look();
      return grown(before, latest);
    },
  };
}

/** Which invariants have more violations than before, with what shows the new ones. */
function grown(before: Report, after: Report): Readonly<Record<string, unknown[]>> {
  const told = before.verdicts.flatMap(({ examples }) => examples.map((evidence) => JSON.stringify(evidence)));
  const broken = after.verdicts.flatMap(({ invariant, by, says, violations, examples }) => {
    const earlier = before.verdicts.find((one) => one.invariant === invariant && one.by === by && one.says === says);
    if (violations <= (earlier?.violations ?? 0)) return [];
    return [[`${invariant} ${by}`, examples.filter((evidence) => !told.includes(JSON.stringify(evidence)))] as const];
  });
  return Object.fromEntries(broken);
}
