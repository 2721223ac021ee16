import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { cause } from "./things-rig.ts";
import { UNLUCKY } from "./versions-contract.ts";
import { PermanentError } from "../errors.ts";
import { versionsRig } from "./versions-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const rigForTest = async () => versionsRig({ natsUrl: nats.url, databaseUrl: database.url });

const asV1 = (count: number) => ({ version: "v1", count });
const asV2 = (amount: number, colour = "grey") => ({ version: "v2", amount, colour });

describe("a reader of both versions", () => {
  it.each([
    ["the old one", [1, 2]],
    ["the new one", [2, 1]],
  ] as const)("applies a fact once when %s comes first, always in the new version", async (_, [first, second]) => {
    const rig = await rigForTest();
    const seen: unknown[] = [];
    await rig.start(rig.release().takesBoth, { handlers: { thingMade: (event) => void seen.push(event) } });
    const eventId = randomUUID();
    for (const version of [first, second]) {
      const body = version === 1 ? asV1(5) : asV2(5);
      await rig.publish(version === 1 ? rig.v1 : rig.v2, "t-1", body, { eventId });
      await rig.settled();
    }
    expect(seen).toEqual([expect.objectContaining({ version: "v2", thing_id: "t-1", amount: 5, colour: "grey" })]);
    expect(seen[0]).not.toHaveProperty("count");
    const [applied, ...more] = await rig.rows<{ version: number }>(`select version from ${rig.taker}.tandem_inbox`);
    expect({ applied, more }).toEqual({ applied: { version: first }, more: [] });
  });

  it("leaves one dead letter of a fact that it gives up in both", async () => {
    const rig = await rigForTest();
    let runs = 0;
    const handlers = {
      thingMade: () => {
        runs += 1;
        throw new PermanentError(`run ${runs} leads nowhere`);
      },
    };
    await rig.start(rig.release().takesBoth, { handlers });
    const eventId = await rig.publish(rig.v1, "t-both", asV1(2));
    await rig.publish(rig.v2, "t-both", asV2(2), { eventId });
    await rig.settled();
    expect(runs).toBe(2);
    const letters = await rig.deadLetters(rig.taker);
    expect(letters.map(({ headers }) => headers["Nats-Msg-Id"])).toEqual([`dlq:${rig.taker}:thingMade:${eventId}`]);
  });

  it("applies facts once that come by both durables at the same time", async () => {
    const rig = await rigForTest();
    const seen = new Set<string>();
    const handlers = { thingMade: ({ thing_id }: { thing_id: string }) => void seen.add(thing_id) };
    const takers = [
      await rig.start(rig.release().takesBoth, { handlers }),
      await rig.start(rig.release().takesBoth, { handlers }),
    ];
    const maker = await rig.start(rig.release().writesV2, { handlers: {} });
    const things = Array.from({ length: 60 }, (_, index) => `t-${index}`);
    await Promise.all(
      things.map(async (thing_id) =>
        maker.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id, ...asV2(2) })),
      ),
    );
    await rig.settled();
    expect([...seen].toSorted()).toEqual(things.toSorted());
    expect(await rig.rows(`select 1 from ${rig.taker}.tandem_inbox`)).toHaveLength(60);
    const metrics = await Promise.all(takers.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    const count = (outcome: string) =>
      metrics
        .flatMap((text) => [
          ...text.matchAll(new RegExp(`^tandem_events_total\\{.*outcome="${outcome}".*\\} (\\d+)$`, "gm")),
        ])
        .reduce((sum, [, number]) => sum + Number(number), 0);
    expect({ applied: count("applied"), duplicate: count("duplicate") }).toEqual({ applied: 60, duplicate: 60 });
    expect(await rig.deadLetters(rig.taker)).toEqual([]);
  });

  it("runs beside a replica of the release before, which reads v1 alone, and each fact is applied once", async () => {
    const rig = await rigForTest();
    const oldSaw: string[] = [];
    const newSaw: string[] = [];
    await rig.start(rig.release({ published: [1] }).takesV1, {
      handlers: {
        thingMade: ({ version, thing_id, count }) => {
          expect({ version, count }).toEqual({ version: "v1", count: 7 });
          oldSaw.push(thing_id);
        },
      },
    });
    await rig.start(rig.release().takesBoth, {
      handlers: {
        thingMade: ({ version, thing_id, amount }) => {
          expect({ version, amount }).toEqual({ version: "v2", amount: 7 });
          newSaw.push(thing_id);
        },
      },
    });
    const maker = await rig.start(rig.release().writesV1, { handlers: {} });
    const things = Array.from({ length: 40 }, (_, index) => `t-${index}`);
    for (const thing_id of things) {
      await maker.context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id, count: 7 }));
    }
    await rig.settled();
    expect([...new Set([...oldSaw, ...newSaw])].toSorted()).toEqual(things.toSorted());
    const inbox = await rig.rows(`select 1 from ${rig.taker}.tandem_inbox`);
    expect(inbox).toHaveLength(40);
    expect(await rig.deadLetters(rig.taker)).toEqual([]);
  });

  it("reads the stored past of a retired v1 from the beginning", async () => {
    const rig = await rigForTest();
    for (let count = 1; count <= 20; count += 1) await rig.publish(rig.v1, `t-${count}`, asV1(count));
    await rig.publish(rig.v2, "t-21", asV2(21, "red"));
    const seen: { thing_id: string; amount: number; colour: string }[] = [];
    await rig.start(rig.release({ published: [2] }).takesBoth, {
      handlers: { thingMade: ({ thing_id, amount, colour }) => void seen.push({ thing_id, amount, colour }) },
    });
    await rig.settled();
    const expected = Array.from({ length: 21 }, (_, index) => ({
      thing_id: `t-${index + 1}`,
      amount: index + 1,
      colour: index === 20 ? "red" : "grey",
    }));
    expect(seen.toSorted((a, b) => a.amount - b.amount)).toEqual(expected);
  });
});

describe("a delivery that its durable should never have been given", () => {
  it.each([
    ["the body of another version", (version: 1 | 2) => ({ version }), "EVENT_INVALID", /is not things\.made\.v1/],
    [
      "the type of another version",
      () => ({ version: 1 as const, type: "things.made.v2" }),
      "ENVELOPE_INVALID",
      /ce-type is \\?"things\.made\.v2/,
    ],
    ["a version that nobody knows", () => ({ version: 3 as const }), "EVENT_INVALID", /\/version is wrong/],
  ])("with %s is a dead letter with the reason, and the next one flows", async (_, make, code, words) => {
    const rig = await rigForTest();
    const seen: string[] = [];
    await rig.start(rig.release().takesBoth, { handlers: { thingMade: ({ thing_id }) => void seen.push(thing_id) } });
    const made: { version: 1 | 2 | 3; type?: string } = make(2);
    const body = { ...(made.version === 2 ? asV2(1) : asV1(1)), version: `v${made.version}` };
    await rig.publish(rig.v1, "t-bad", body, made.type === undefined ? {} : { type: made.type });
    await rig.publish(rig.v1, "t-good", asV1(1));
    await rig.settled();
    expect(seen).toEqual(["t-good"]);
    const [letter, ...more] = await rig.deadLetters(rig.taker);
    expect(more).toEqual([]);
    expect(letter?.subject).toBe(`dead.${rig.taker}.thingMade.v1`);
    expect(letter?.headers["dlq-code"]).toBe(code);
    expect(letter?.headers["dlq-error"]).toMatch(words);
  });
});

describe("a stored v1 that v2 cannot say", () => {
  it("is a dead letter, unless the contract passes it over", async () => {
    const rig = await rigForTest();
    const seen: string[] = [];
    const handlers = { thingMade: ({ thing_id }: { thing_id: string }) => void seen.push(thing_id) };
    const strict = await rig.start(rig.release().takesBoth, { handlers });
    await rig.publish(rig.v1, "t-kept", asV1(UNLUCKY));
    await rig.settled();
    expect((await rig.deadLetters(rig.taker)).map(({ headers }) => headers["dlq-code"])).toEqual(["UNREPRESENTABLE"]);
    await strict.stop();

    const taker = await rig.start(rig.release({ up: "skip-and-count" }).takesBoth, { handlers });
    await rig.publish(rig.v1, "t-passed", asV1(UNLUCKY));
    await rig.publish(rig.v1, "t-good", asV1(1));
    await rig.settled();
    expect(seen).toEqual(["t-good"]);
    expect(await rig.deadLetters(rig.taker)).toHaveLength(1);
    const metrics = await (await fetch(`${taker.url}/metrics`)).text();
    expect(metrics).toMatch(/tandem_unrepresentable_total\{.*event="things\.made",version="2".*\} 1/);
    expect(metrics).toMatch(/tandem_events_total\{.*version="1",direction="in",outcome="unrepresentable".*\} 1/);
  });

  it("is a dead letter when its mapping fails, naming both versions and the path", async () => {
    const rig = await rigForTest();
    const { takesBoth } = rig.release({ evolution: { up: () => ({ thing_id: "t-1", amount: 0, colour: "red" }) } });
    await rig.start(takesBoth, { handlers: { thingMade: () => undefined } });
    await rig.publish(rig.v1, "t-1", asV1(2));
    await rig.settled();
    const [letter] = await rig.deadLetters(rig.taker);
    expect(letter?.headers["dlq-code"]).toBe("SHIM_FAILED");
    expect(letter?.headers["dlq-error"]).toMatch(/from things\.made\.v1 to things\.made\.v2 .*\/amount is wrong/);
  });
});
