/** Changes that could hurt: refused with what would happen, done when they are allowed by name, and nothing is lost. */
import { beforeEach, describe, expect, it } from "vitest";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { deleteStreams } from "../../lab/testing/shared-nats.ts";
import { withJetStream } from "../../lab/servers/jetstream-session.ts";
import { changeOf, DESK, LOST, messageOf, parcels, parcelServer, placeOf, SENT, STREAM } from "./tests/parcels.ts";

const { url: natsUrl } = await natsForTest();
beforeEach(() => deleteStreams(natsUrl));

const DURABLE = `${STREAM}/${DESK}`;

/** Provisioned, ten parcels sent, three of them taken and two settled. */
async function used(...first: Parameters<typeof parcels>) {
  const server = await parcelServer(natsUrl);
  await server.provision(parcels(...first));
  await server.publish(SENT, 10);
  const place = placeOf(await server.take(3, 2));
  expect(place).toEqual({ deliveredSequence: 3, settledSequence: 2, pending: 7, ackPending: 1 });
  return { ...server, place };
}

describe("a stream", () => {
  it("keeps a subject that it holds messages of, unless it is told by name", async () => {
    const { admin, desk, place, provision } = await used();
    const without = parcels({ stream: { subjects: [LOST, `replay.${DESK}`] } });
    await expect(provision(without)).rejects.toThrow(
      `stream PARCELS: the stream would no longer take ${SENT}, of which it holds 10 messages, and ${DESK} would be given no more of it. What is stored stays`,
    );
    expect((await admin.stream(STREAM))?.settings.subjects).toContain(SENT);
    await expect(provision(without, "subjects:OTHER")).rejects.toThrow("--allow subjects:PARCELS");

    await provision(without, "subjects:PARCELS");
    await expect(publishRaw(natsUrl, { subject: SENT, headers: {}, data: new Uint8Array() })).rejects.toMatchObject({
      code: "PUBLISH_UNCONFIRMED",
    });
    expect(placeOf(await desk())).toEqual(place);
    expect((await admin.stream(STREAM))?.messages).toBe(10);
  });

  it("gives up a subject that nobody uses, one that is retired, and one for replays that are handled", async () => {
    const { provision, publish, admin } = await used();
    await provision(parcels({ stream: { subjects: [SENT, `replay.${DESK}`] } }));
    await publish(`replay.${DESK}`);
    const withoutReplays = parcels({ stream: { subjects: [SENT] } });
    await expect(provision(withoutReplays)).rejects.toThrow(`1 message of replay.${DESK} wait for ${DESK}`);
    const retired = parcels({ stream: { subjects: [`replay.${DESK}`] }, messages: [messageOf(SENT, 1)] });
    await provision(retired);
    expect((await admin.stream(STREAM))?.settings.subjects).toEqual([`replay.${DESK}`]);
  });

  it("does not get rid of what is stored by an age, unless it is told", async () => {
    const { admin, desk, provision } = await used({ stream: { maxAgeMs: 0 } });
    const newest = (await admin.message(STREAM, 10))?.storedAt ?? 0;
    const age = 1_000;
    await expect.poll(() => Date.now() - newest > age).toBe(true);
    const younger = parcels({ stream: { maxAgeMs: age } });
    const refusal = provision(younger);
    await expect(refusal).rejects.toThrow(
      `messages are kept for 1 s instead of for ever: 10 messages are older than that, and the server removes them at once. 8 of them wait for ${DESK} and would be handled by nobody.`,
    );
    expect((await admin.stream(STREAM))?.messages).toBe(10);
    await provision(younger, "max-age:PARCELS");
    await expect.poll(async () => (await admin.stream(STREAM))?.messages).toBe(0);
    expect(await desk()).toMatchObject({ pending: 0 });
  });

  it("is kept for a shorter time without asking when nothing is that old", async () => {
    const { admin, desk, place, provision } = await used();
    await provision(parcels({ stream: { maxAgeMs: 3_600_000 } }));
    expect(await admin.stream(STREAM)).toMatchObject({ messages: 10, settings: { maxAgeMs: 3_600_000 } });
    expect(placeOf(await desk())).toEqual(place);
  });

  it("takes batches as long as an event has several versions", async () => {
    const batches = { development: { replicas: 1, atomicBatches: true } };
    const server = await parcelServer(natsUrl);
    const versions = [messageOf(SENT, 1), messageOf("parcels.sent.v2", 2)];
    const subjects = [SENT, "parcels.sent.v2"];
    await server.provision(parcels({ stream: { subjects, servers: batches }, messages: versions }));
    const off = parcels({ stream: { subjects }, messages: versions });
    await expect(server.provision(off)).rejects.toThrow(
      /atomic batches would be off, and parcels\.sent has several versions.*ATOMIC_BATCHES=on.*--allow batches:PARCELS/,
    );
    await server.provision(off, "batches");
    expect((await server.admin.stream(STREAM))?.settings.atomicBatches).toBe(false);
  });

  it("does not begin to drop what is old where somebody limited it", async () => {
    const { admin, provision } = await used();
    await admin.updateStream(STREAM, { discard: "new", maxMessages: 20 });
    await expect(provision(parcels())).rejects.toThrow(/limited it to 20 messages.*--allow discard:PARCELS/);
    await admin.updateStream(STREAM, { maxMessages: -1 });
    await provision(parcels());
    expect((await admin.stream(STREAM))?.settings.discard).toBe("old");
  });

  it("of another retention, or sealed, is left as it is, with the way out", async () => {
    const server = await parcelServer(natsUrl);
    await server.admin.createStream(STREAM, { subjects: [SENT], retention: "interest" });
    await expect(server.provision(parcels(), "subjects:PARCELS", "drift:PARCELS.retention")).rejects.toThrow(
      /retention is interest and cannot be changed on an existing stream.*another name in x-streams.*nats stream backup PARCELS/,
    );
    await deleteStreams(natsUrl);
    await server.provision(parcels());
    // The client's types know of no way to seal what exists.
    const sealed = { sealed: true, description: "sealed" };
    await withJetStream(natsUrl, async ({ jetstream }) => (await jetstream()).streams.update(STREAM, sealed));
    await expect(server.provision(parcels({ stream: { maxAgeMs: 172_800_000 } }))).rejects.toThrow(/it is sealed/);
  });
});

describe("a durable", () => {
  it("reads what it has not settled, and goes where it was with other filters", async () => {
    const { desk, place, provision, publish } = await used();
    await publish(LOST, 4);
    const narrower = parcels({ consumer: { filterSubjects: [`replay.${DESK}`] } });
    await expect(provision(narrower)).rejects.toThrow(
      `durable ${DURABLE}: ${DESK} would no longer read ${SENT}, of which 8 messages lie behind its place`,
    );
    expect(placeOf(await desk())).toEqual(place);

    await provision(narrower, `filters:${DURABLE}`);
    expect(placeOf(await desk())).toEqual({ ...place, pending: 0 });
    // Nothing was lost: with its filter back it has to deliver what it had.
    await provision(parcels(), `filters:${DURABLE}`);
    expect(placeOf(await desk())).toEqual(place);
  });

  it("is not made to read what lies before its place, as if it could go back", async () => {
    const server = await parcelServer(natsUrl);
    await server.provision(parcels());
    await server.publish(LOST, 4);
    await server.publish(SENT, 3);
    const place = placeOf(await server.take(3, 3));
    const wider = parcels({ consumer: { filterSubjects: [SENT, LOST, `replay.${DESK}`] } });
    await expect(server.provision(wider)).rejects.toThrow(
      `${DESK} would also read ${LOST}, and 4 messages of it lie before its place`,
    );
    await server.provision(wider, `filters:${DURABLE}`);
    expect(placeOf(await server.desk())).toEqual(place);
  });

  it("gives up nothing that was delivered often already", async () => {
    const { desk, provision } = await used({ consumer: { ackWaitMs: 500 } });
    const fewer = parcels({ consumer: { ackWaitMs: 500, maxDeliver: 2 } });
    const { take } = await parcelServer(natsUrl);
    await expect.poll(async () => (await take(1, 0)).redelivered).toBeGreaterThan(0);
    const before = await desk();
    await expect(provision(fewer)).rejects.toThrow(
      /would deliver a message 2 times at most instead of 8, and has delivered \d+ messages? more than once/,
    );
    await provision(fewer, `max-deliver:${DURABLE}`);
    const after = await desk();
    expect(after.settings.maxDeliver).toBe(2);
    expect(after.settledSequence).toBe(before.settledSequence);
    expect(after.deliveredSequence).toBe(before.deliveredSequence);
  });

  it("takes every other change where it is", async () => {
    const { desk, place, provision, plan } = await used();
    const changed = { ackWaitMs: 45_000, maxDeliver: 4, maxAckPending: 500 };
    await provision(parcels({ consumer: changed }));
    expect(await desk()).toMatchObject({ settings: changed, ...place });
    expect(changeOf(await plan(parcels({ consumer: changed })), DURABLE)?.kind).toBe("unchanged");
  });

  it("that settles otherwise, or is pushed, is left as it is, with the way out", async () => {
    const server = await parcelServer(natsUrl);
    await server.provision(parcels());
    const by = { durable_name: DESK, filter_subjects: [SENT, `replay.${DESK}`] };
    const made: [object, RegExp][] = [
      [{ ack_policy: "all" }, /its ack policy is "all" and cannot be changed/],
      [{ ack_policy: "explicit", deliver_subject: "there" }, /it pushes to "there", and services pull/],
      [{ ack_policy: "explicit", deliver_policy: "new" }, /deliverFrom is new and cannot be changed.*consumer rm/],
    ];
    for (const [config, refusal] of made) {
      await server.admin.deleteDurable(STREAM, DESK);
      await withJetStream(natsUrl, async ({ jetstream }) =>
        (await jetstream()).consumers.add(STREAM, { ...by, ...config }),
      );
      await expect(server.provision(parcels())).rejects.toThrow(refusal);
    }
  });
});
