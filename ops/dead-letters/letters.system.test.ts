import { createHash, randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { letterRig } from "../../lab/testing/letters-rig.ts";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { readTopology } from "../topology.ts";
import { UsageError } from "../usage-error.ts";
import { catalogueOf } from "./catalogue.ts";
import { discard } from "./discard.ts";
import { readLetters } from "./read-letters.ts";
import { replay } from "./replay.ts";
import { schemasBeside } from "./schemas.ts";
import { select } from "./select.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const rig = await letterRig({ natsUrl, databaseUrl });
afterAll(() => rig.close());

const catalogue = catalogueOf(readTopology("generated/topology.json"));
const system = { admin: rig.admin, catalogue, schemas: schemasBeside("generated/topology.json") };
const SUBJECT = "dead.inventory.orderCreated.v1";
const why = ["--by", "Ann", "--why", "a test"];

/** A letter of an order that could be handled. */
async function letterOf(error: string, changes: { body?: object; headers?: Readonly<Record<string, string>> } = {}) {
  const [eventId, orderId] = [randomUUID(), randomUUID()];
  const body = { version: "v1", order_id: orderId, items: [{ product_id: "tea", quantity: 1 }], ...changes.body };
  const envelope = {
    ...{ "ce-id": eventId, "ce-subject": orderId, "ce-type": "orders.created.v1", "ce-time": "2026-01-02T03:04:05Z" },
    ...{ "correlation-id": "c-1", "ce-sequence": "1", "dlq-error": error },
  };
  const sequence = await rig.letter({ subject: SUBJECT, body, headers: { ...envelope, ...changes.headers } });
  return { eventId, orderId, sequence, body };
}

describe("a list", () => {
  it("shows letters one by one while they are few, and groups when they are many; filters choose", async () => {
    const numbers = Array.from({ length: 25 }, (_, number) => number);
    const letters = await Promise.all(numbers.map((number) => letterOf(`shelf ${number} is on fire`)));
    const other = await letterOf("no tea", { headers: { "dlq-code": "PERMANENT" } });

    const groups = await rig.run("list");
    expect(groups).toMatchObject({ code: 0 });
    expect(groups.text).toMatch(/^GROUP +LETTERS/);
    expect(groups.text).toMatch(/\b25 +25 +inventory +orders\.created +HANDLER_FAILED/);
    expect((await rig.run("list", "--each")).text).toMatch(/^ID +STATE/);

    const one = await rig.run("list", "--code", "PERMANENT");
    expect(one.text).toMatch(
      new RegExp(`^ID .*\n${other.sequence} +open +inventory +orders.created.v1 +PERMANENT +5 +1`),
    );
    const { letters: shown, totals } = JSON.parse((await rig.run("list", "--json", "--event", "orders.created")).text);
    expect(shown).toHaveLength(26);
    expect(totals).toMatchObject({ open: totals.in, addsUp: true });
    for (const [filter, count] of [
      [["--key", other.orderId], 1],
      [["--service", "order"], 0],
      [["--event", "orderCreated", "--code", "PERMANENT"], 1],
      [["--until", "1h"], 0],
      [["--since", "1h", "--code", "PERMANENT"], 1],
      [["--state", "discarded"], 0],
      [[other.eventId, String(letters[0]?.sequence)], 2],
      [["--group", shown.find(({ code }: { code: string }) => code === "PERMANENT").fingerprint], 1],
    ] as const) {
      expect([filter, JSON.parse((await rig.run("list", "--json", ...filter)).text).letters.length]).toEqual([
        filter,
        count,
      ]);
    }
    expect((await rig.run("discard", "--all", ...why)).code).toBe(0);
    expect(JSON.parse((await rig.run("list", "--json")).text).totals).toMatchObject({ open: 0, discarded: 26, in: 26 });
  });

  it("reads a thousand letters", async () => {
    await Promise.all(Array.from({ length: 1_000 }, () => letterOf("one of a thousand")));
    const { groups, totals } = JSON.parse((await rig.run("list", "--json")).text);
    expect(groups).toMatchObject([{ letters: 1_000 }]);
    expect(totals.addsUp).toBe(true);
    expect(await rig.run("discard", "--group", groups[0].fingerprint, ...why)).toMatchObject({
      code: 0,
      text: "1000 discarded",
    });
  });
});

it("says of a letter that came too late for its key that a replay would change nothing", async () => {
  const { eventId } = await letterOf("too late", { headers: { "dlq-code": "EVENT_STALE" } });
  const { code, text } = await rig.run("replay", eventId, "--dry-run", ...why);
  expect([code, text]).toEqual([1, expect.stringContaining("would be given up again: a later event of its key")]);
});

describe("what is sensitive", () => {
  const body = { version: "v2", customer_id: "Mallory", lines: [], total: null };
  const at = { subject: "dead.inventory.orderCreated.v2" };
  const headers = () => ({
    ...{ "ce-id": randomUUID(), "ce-type": "orders.created.v2", "dlq-consumer": "inventory-orderCreated-v2" },
    "dlq-error": "no customer Mallory",
  });

  it.each([
    ["in a body, and in an error that quotes it", body],
    ["under its name, where it should not be", { order: { customer_id: "Mallory" } }],
    ["in a body that nobody can read", '{"customer_id": "Mallory'],
  ])("is hidden: %s", async (_, body) => {
    const given = { ...headers(), ...(typeof body === "string" && { "dlq-error": "unreadable" }) };
    await rig.letter({ ...at, body, headers: given });
    for (const argv of [["list"], ["list", "--json"], ["show"], ["show", "--json"]]) {
      const hidden = await rig.run(...argv, given["ce-id"]);
      expect([argv, hidden.text.includes("Mallory")]).toEqual([argv, false]);
    }
    expect((await rig.run("show", given["ce-id"], "--reveal")).text).toContain("Mallory");
  });

  it("is hidden in a body of a version that the contract does not know", async () => {
    const given = { ...headers(), "dlq-consumer": "inventory-orderCreated-v9" };
    await rig.letter({ subject: "dead.inventory.orderCreated.v9", body, headers: given });
    const { text } = await rig.run("show", given["ce-id"]);
    expect(text).not.toContain("Mallory");
    expect(text).toContain("the contract does not know its version");
    expect(text).toContain("cannot be replayed: the contract has no durable inventory-orderCreated-v9 any more");
  });

  it("is hidden in what a publisher could not say in an older version, which can be discarded and not replayed", async () => {
    const given = { ...headers(), "dlq-consumer": "order", "dlq-code": "UNREPRESENTABLE" };
    await rig.letter({ subject: "dead.order.orderCreated.v1", body, headers: given });
    const shown = await rig.run("show", given["ce-id"]);
    expect(shown.text).toContain('"customer_id": "***"');
    expect(shown.text).not.toContain("Mallory");
    expect(shown.text).toMatch(/cannot be replayed: order published it and no durable gave it up/);
    expect(await rig.run("replay", given["ce-id"], ...why)).toMatchObject({ code: 1 });
    expect(await rig.run("discard", given["ce-id"], ...why)).toMatchObject({ code: 0 });
  });
});

describe("a letter that is shown", () => {
  it("tells everything, and writes what a terminal would obey as text", async () => {
    const { eventId, sequence } = await letterOf("boom", { headers: { "x-evil": "\u001b[2Jgone" } });
    const { code, text } = await rig.run("show", String(sequence));
    expect(code).toBe(0);
    for (const part of [
      `${sequence} open: inventory could not take orders.created.v1`,
      "HANDLER_FAILED: boom",
      "ORDERS 1 (orders.created.v1), given up by inventory-orderCreated-v1",
      eventId,
      "x-evil: \\u001b[2Jgone",
      '"product_id": "tea"',
      "happened once",
    ])
      expect(text).toContain(part);
  });
});

describe("an edit", () => {
  it("replays another body of the same event, and refuses one that is none", async () => {
    const applied: unknown[] = [];
    await rig.startInventory({ orderCreated: ({ lines }) => void applied.push(lines.map(({ quantity }) => quantity)) });
    const { eventId, sequence, body } = await letterOf("wrong", {
      body: { items: [{ product_id: "tea", quantity: 0 }] },
    });
    const folder = await scratchDirectory();
    const fileOf = async (value: unknown): Promise<string> => {
      const file = join(folder, `${randomUUID()}.json`);
      await writeFile(file, JSON.stringify(value));
      return file;
    };
    const edit = async (value: unknown, ...argv: readonly string[]) =>
      rig.run("edit", String(sequence), "--body", await fileOf(value), ...why, ...argv);

    expect(await edit(body)).toMatchObject({ code: 1, text: expect.stringContaining("the same as before") });
    for (const [wrong, reason] of [
      [{ ...body, items: [{ product_id: "tea", quantity: -1 }] }, "/items/0/quantity must be >= 1"],
      [{ ...body, order_id: randomUUID(), items: [] }, "/order_id may not change"],
    ] as const)
      expect(await edit(wrong)).toMatchObject({ code: 1, text: expect.stringContaining(reason) });

    const mended = { ...body, items: [{ product_id: "tea", quantity: 7 }] };
    const dry = await edit(mended, "--dry-run");
    expect(dry).toMatchObject({ code: 0, text: expect.stringMatching(/-\s+"quantity": 0\n\+\s+"quantity": 7/) });
    expect(applied).toEqual([]);
    expect(await edit(mended)).toMatchObject({ code: 0 });
    await rig.atRest("inventory-orderCreated-v1");
    expect(applied).toEqual([[7]]);
    const { actions } = JSON.parse((await rig.run("audit", eventId, "--json")).text);
    const bodySha256 = createHash("sha256").update(JSON.stringify(mended)).digest("hex");
    expect(actions).toMatchObject([{ kind: "edited", by: "Ann", why: "a test", eventId, bodySha256 }]);
    expect(await edit(mended)).toMatchObject({ code: 1, text: expect.stringContaining("edited by Ann") });
  });
});

describe("a replay", () => {
  it("that is interrupted leaves the rest open, and the next one goes on", async () => {
    const told = [];
    for (const number of [1, 2, 3, 4, 5]) told.push(await letterOf(`interrupted at ${number}`));
    const ids = told.map(({ eventId }) => eventId);
    const choose = async () => {
      const { letters, trail } = await readLetters(rig.admin, catalogue);
      return { trail, letters: select(letters, { ids, state: "open" }) };
    };
    const decision = { by: "Ann", why: "interrupted", rate: 1_000 };
    const stopping = new AbortController();
    const outcomes: string[] = [];
    const first = await choose();
    await replay(system, first.letters, first.trail, {
      ...{ ...decision, signal: stopping.signal },
      onOutcome: ({ eventId = "" }) => void (outcomes.push(eventId) === 2 && stopping.abort()),
    });
    expect(outcomes).toEqual(ids.slice(0, 2));
    const second = await choose();
    expect(second.letters.map(({ latest }) => latest.eventId).toReversed()).toEqual(ids.slice(2));
    const limited = await replay(system, second.letters, second.trail, { ...decision, limit: 1 });
    expect(limited.map(({ eventId }) => eventId)).toEqual([ids[2]]);
    // Who still has the old list does not replay what was replayed meanwhile.
    const late = await replay(system, second.letters, second.trail, decision);
    expect(late.map(({ outcome }) => outcome)).toEqual(["done by another", "replayed", "replayed"]);
    expect((await choose()).letters).toEqual([]);
  });

  it("is impossible when the durable is gone, or does not read its replay subject", async () => {
    const { eventId } = await letterOf("lonely");
    const words = async () => (await rig.run("replay", eventId, "--dry-run")).text;
    const [stream, durable] = ["ORDERS", "inventory-orderCreated-v1"];
    await rig.admin.updateDurable(stream, durable, { filterSubjects: ["orders.created.v1"] });
    expect(await words()).toMatch(/does not read replay\.inventory-orderCreated-v1; run tandem provision/);
    await rig.admin.deleteDurable(stream, durable);
    expect(await words()).toMatch(/durable inventory-orderCreated-v1 of ORDERS is gone/);
    expect(await rig.run("replay", eventId, ...why)).toMatchObject({ code: 1 });
  });
});

it("a discarded letter of a consumer that reads in order is told to that consumer, and to no other", async () => {
  const { eventId, orderId, sequence } = await letterOf("in order", {
    headers: { "dlq-consumer": "inventory-orderCreated-v2" },
  });
  const { letters, trail } = await readLetters(rig.admin, catalogue);
  const chosen = select(letters, { ids: [eventId], state: "open" });
  const ordered = catalogueOf({
    ...readTopology("generated/topology.json"),
    consumers: readTopology("generated/topology.json").consumers.map((consumer) => ({
      ...consumer,
      orderedByKey: true,
    })),
  });
  await discard({ admin: rig.admin, catalogue: ordered }, chosen, trail, { by: "Ann", why: "let go" });
  const word = await rig.admin.lastMessage("ORDERS", "replay.inventory-orderCreated-v2");
  expect(word?.headers).toMatchObject({
    ...{ "replay-action": "discard", "ce-id": eventId, "ce-subject": orderId, "replay-of": String(sequence) },
    "Nats-Msg-Id": expect.stringMatching(/^replay:[0-9a-f-]{36}$/),
  });
  expect(word?.data.byteLength).toBe(0);
});

describe("arguments", () => {
  it.each([
    ["no verb", [], "Say what to do"],
    ["a verb that is none", ["retry"], 'not "retry"'],
    ["a verb that is misspelt", ["relpay"], "Did you mean replay?"],
    ["no letters", ["replay", ...why], "Say which letters"],
    ["no reason", ["discard", "1"], "needs --why"],
    ["a state that is none", ["list", "--state", "lost"], "--state is one of"],
    ["a time that is none", ["list", "--since", "soon"], "--since is a time like"],
    ["no rate", ["replay", "1", "--rate", "0", ...why], "--rate is a number above 0"],
  ])("are wrong: %s", async (_, argv, sentence) => {
    const refused = rig.run(...argv);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(sentence);
  });

  it("name a letter that is not there, or several where one is meant", async () => {
    await expect(rig.run("edit", "--all", ...why)).rejects.toThrow("edit is for one letter");
    await expect(rig.run("show", "no-such-id")).rejects.toThrow("There is no dead letter no-such-id");
  });
});
