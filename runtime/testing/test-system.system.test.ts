import { describe, expect, it, onTestFinished } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { PermanentError } from "../errors.ts";
import { openAdmin } from "../nats/admin.ts";
import { thingsContract, type TakerHandlers } from "../tests/things-contract.ts";
import { serve, startTestSystem, type ServedService } from "./index.ts";

const { url: natsUrl } = await natsForTest();
const { url: databaseUrl } = await databaseForTest();
const { maker, taker, thingMade, thingTaken, thingMadeV1 } = thingsContract("");
const cause = { correlationId: "req-1", causationId: "req-1" };

const makerServed = serve(maker, { handlers: { thingTaken: () => undefined } });
const takerServed = (thingMade: TakerHandlers["thingMade"]): ServedService => serve(taker, { handlers: { thingMade } });

async function systemForTest(services: readonly ServedService[]) {
  const system = await startTestSystem({ natsUrl, databaseUrl, services });
  onTestFinished(() => system.stop({ ignoreDeadLetters: true }));
  return system;
}

describe("a test system", () => {
  it("tells what came of a request as a tree of causes", async () => {
    let failures = 0;
    const system = await systemForTest([
      makerServed,
      takerServed(({ thing_id, count }, { publish }) => {
        if (count === 2 && failures++ === 0) throw new Error("not yet\nat line 1");
        if (count === 3) throw new PermanentError("no such thing");
        publish.thingTaken({ thing_id });
      }),
    ]);
    await system.service(maker).context.transact(cause, async ({ publish }) => {
      for (const count of [1, 2, 3]) publish.thingMade({ thing_id: `t-${count}`, count });
    });
    await system.publish(thingMade, { thing_id: "t-9", count: 9 }, { correlationId: "another" });
    await system.settled({ allowHeld: true });
    await system.clock.advance(1_000);
    await system.settled();
    expect(String(await system.story("req-1")).split("\n")).toEqual([
      "req-1",
      "  things.made v1 by maker, key t-1",
      "    taker v1 handled",
      "      things.taken v1 by taker, key t-1",
      "        maker v1 handled",
      "  things.made v1 by maker, key t-2",
      "    taker v1 failed, tried again (attempt 1): not yet",
      "    taker v1 handled (attempt 2)",
      "      things.taken v1 by taker, key t-2",
      "        maker v1 handled",
      "  things.made v1 by maker, key t-3",
      "    taker v1 dead letter PERMANENT: no such thing",
    ]);
  });

  it("answers what was published, with the types of the contract, and what became of it", async () => {
    const system = await systemForTest([takerServed(({ thing_id }, { publish }) => publish.thingTaken({ thing_id }))]);
    const { eventId, correlationId } = await system.publish(thingMade, { thing_id: "t-1", count: 4 });
    await system.publishRaw({ subject: thingMadeV1.subject, body: "{", headers: { "ce-id": "broken" } });
    await system.settled();
    const [made, ...more] = await system.published(thingMade);
    expect(more).toEqual([]);
    expect(made?.body.count).toBe(4);
    expect((await system.published()).map(({ event, source }) => `${event} by ${source}`)).toEqual([
      "things.made by test",
      "things.taken by taker",
    ]);
    expect(await system.published(thingTaken)).toMatchObject([{ causationId: eventId, correlationId, versions: [1] }]);
    expect(system.handled({ service: "taker" })).toMatchObject([
      { eventId, durable: "taker-thingMade-v1", attempt: 1 },
    ]);
    expect(await system.deadLettered()).toMatchObject([
      { service: "taker", channel: "thingMade", version: 1, code: "BODY_NOT_JSON", eventId: "broken", attempts: 1 },
    ]);
    await system.expectNoDeadLetters();
    expect(await system.database(taker).query("select event from tandem_inbox")).toMatchObject({
      rows: [{ event: "things.made" }],
    });
    expect(system.log("taker").map(({ msg }) => msg)).toContain("handled");
  });

  it("keeps its names to itself: two of one contract share a server, and leave nothing behind", async () => {
    const seen: string[] = [];
    const systems = await Promise.all(
      ["one", "other"].map(async (name) =>
        systemForTest([
          takerServed(({ thing_id }, { delivery }) => void seen.push(`${name} ${thing_id} ${delivery.subject}`)),
        ]),
      ),
    );
    const [one, other] = systems;
    await one?.publish(thingMade, { thing_id: "t-1", count: 1 });
    await other?.publish(thingMade, { thing_id: "t-2", count: 1 });
    await Promise.all(systems.map(async (system) => system.settled()));
    expect(seen.sort()).toEqual(["one t-1 things.made.v1", "other t-2 things.made.v1"]);
    const admin = await openAdmin({ servers: [natsUrl] });
    onTestFinished(() => admin.close());
    expect((await admin.streams()).map(({ name }) => name.replace(/^t[0-9a-f]{10}_/, "…")).sort()).toEqual([
      ...["…DEAD_LETTERS", "…DEAD_LETTERS", "…THINGS_", "…THINGS_"],
    ]);
    for (const system of systems) await system.stop();
    expect(await admin.streams()).toEqual([]);
    await expect(one?.database(taker).query("select 1")).rejects.toThrow("after calling end on the pool");
  });

  it("refuses a stream that is not its own", async () => {
    const admin = await openAdmin({ servers: [natsUrl] });
    await admin.createStream("THINGS_", { subjects: ["things.>"] });
    onTestFinished(async () => {
      await admin.deleteStream("THINGS_");
      await admin.close();
    });
    const options = { natsUrl, databaseUrl, namespace: "", services: [makerServed] };
    await expect(startTestSystem(options)).rejects.toMatchObject({ code: "STREAM_TAKEN" });
    expect((await admin.streams()).map(({ name }) => name)).toEqual(["THINGS_"]);
  });

  it("says at its end what was given up and nobody asked for", async () => {
    const system = await systemForTest([
      takerServed(() => {
        throw new PermanentError("no such thing");
      }),
    ]);
    await system.publish(thingMade, { thing_id: "t-1", count: 1 }, { correlationId: "req-7" });
    await system.settled();
    const error: unknown = await system.stop().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "DEAD_LETTERS" });
    expect(String(error)).toContain("taker gave up thingMade v1: PERMANENT: no such thing");
    expect(String(error)).toContain("req-7\n  things.made v1 by test, key t-1\n    taker v1 dead letter PERMANENT");
  });

  it("knows its services by name", async () => {
    const system = await systemForTest([makerServed]);
    expect((await fetch(`${system.service("maker").url}/health/ready`)).status).toBe(200);
    expect(() => system.service("nobody")).toThrow("runs no service nobody; it has maker.");
  });
});

describe("settled", () => {
  it("says at its deadline which message of which durable is still handled, and what was logged last", async () => {
    const { promise: until, resolve } = Promise.withResolvers<void>();
    const system = await systemForTest([
      takerServed(async (_, { log }) => {
        log.warn("about to hang");
        await until;
      }),
    ]);
    const { eventId } = await system.publish(thingMade, { thing_id: "t-1", count: 1 }, { eventId: "e-1" });
    await eventually(() => system.log("taker").some(({ msg }) => msg === "about to hang"));
    const error: unknown = await system.settled({ deadlineMs: 300 }).catch((reason: unknown) => reason);
    expect(eventId).toBe("e-1");
    expect(
      String(error)
        .split("\n")
        .map((line) => line.trim()),
    ).toEqual([
      "TestingError: Not settled within 300 ms:",
      "taker-thingMade-v1: 1 delivered and not settled",
      "things.made.v1 #1, delivery 1: runs",
      "taker logged last: warn: about to hang",
    ]);
    resolve();
    await system.settled();
  });

  it("does not miss what is on its way from one service to the next", async () => {
    const hops = 25;
    const system = await systemForTest([
      serve(maker, {
        handlers: {
          thingTaken: ({ thing_id }, { publish }) => {
            const [name, hop] = thing_id.split(":");
            if (Number(hop) < hops) publish.thingMade({ thing_id: `${name}:${Number(hop) + 1}`, count: 1 });
          },
        },
      }),
      takerServed(({ thing_id }, { publish }) => publish.thingTaken({ thing_id })),
    ]);
    await system.publish(thingMade, { thing_id: "t:1", count: 1 });
    await system.settled();
    expect(system.handled()).toHaveLength(2 * hops);
  });

  it("waits for an event that its broker refuses, and says so", async () => {
    const system = await systemForTest([makerServed]);
    const huge = "x".repeat(1_100_000);
    await system
      .service(maker)
      .context.transact(cause, async ({ publish }) => publish.thingMade({ thing_id: "t", count: 1, note: huge }));
    await eventually(() => system.log("maker").some(({ level }) => level === "error"));
    await expect(system.settled({ deadlineMs: 100 })).rejects.toThrow(
      /outbox of maker: 1 not on the stream, 1 of them refused\n[^]*maker logged last: error: the broker refuses/,
    );
  });
});
