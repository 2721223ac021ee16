/** Several contracts, several releases and several provisioners on one server. */
import { beforeEach, expect, it } from "vitest";
import { natsForTest } from "../../lab/testing/servers.ts";
import { deleteStreams } from "../../lab/testing/shared-nats.ts";
import { ownStreams } from "./own-streams.ts";
import { provision } from "./provision.ts";
import { changeOf, DESK, LOST, parcels, parcelServer, SENT, STREAM } from "./tests/parcels.ts";

const { url: natsUrl } = await natsForTest();
beforeEach(() => deleteStreams(natsUrl));

it("a subject that another system stores is found before anything is made, with whose it is", async () => {
  const { admin, provision: run } = await parcelServer(natsUrl);
  await run(parcels());
  const other = parcels({
    contract: "Post",
    stream: { name: "POST", owner: "post", subjects: ["letters.>", SENT] },
    consumer: { stream: "POST", durable: "post-letter-v1" },
  });
  await expect(run(other)).rejects.toThrow(
    `stream POST: its subject ${SENT} is stored by the stream PARCELS already, which belongs to the contract "Parcels" and is written by depot`,
  );
  expect(await admin.stream("POST")).toBeUndefined();
});

it("a subject moves from one stream of a contract to another, which is changed after it", async () => {
  const { admin, provision: run } = await parcelServer(natsUrl);
  const [parcel] = parcels().streams;
  if (parcel === undefined) throw new Error("the topology has a stream");
  // A stream that takes, before the one that gives: in this order the server would refuse.
  const streams = (lost: readonly string[], rest: readonly string[]) => ({
    ...parcels(),
    streams: [
      { ...parcel, name: "LOST", subjects: ["lost.found.v1", ...lost] },
      { ...parcel, subjects: [SENT, `replay.${DESK}`, ...rest] },
    ],
  });
  await run(streams([], [LOST]));
  await run(streams([LOST], []));
  expect((await admin.stream("LOST"))?.settings.subjects).toContain(LOST);
  const swapped = streams([SENT], [LOST]);
  const withoutSent = { ...parcel, subjects: [`replay.${DESK}`, LOST] };
  await expect(
    run(
      {
        ...swapped,
        streams: swapped.streams.map((one) =>
          one.name === STREAM ? withoutSent : { ...one, subjects: ["lost.found.v1", SENT] },
        ),
      },
      "subjects:PARCELS",
      "subjects:LOST",
    ),
  ).rejects.toThrow(/in two steps/);
});

it("a durable that another contract made is not taken, unless that is what this one was called", async () => {
  const { admin, desk, provision: run } = await parcelServer(natsUrl);
  await run(parcels());
  const theirs = { "tandem.contract": "Parcels before" };
  await admin.updateDurable(STREAM, DESK, { metadata: theirs });
  await expect(run(parcels())).rejects.toThrow(
    /belongs to the contract "Parcels before"; two systems cannot share a durable.*--allow contract:PARCELS\/desk-parcelSent-v1/,
  );
  expect((await desk()).settings.metadata).toEqual(theirs);
  await run(parcels(), `contract:${STREAM}/${DESK}`);
  expect((await desk()).settings.metadata).toMatchObject({ "tandem.contract": "Parcels" });
});

it("an older release of the contract does not undo a newer one", async () => {
  const { admin, provision: run, plan } = await parcelServer(natsUrl);
  const newer = parcels({ version: "1.10.0", consumer: { ackWaitMs: 60_000 } });
  const older = parcels({ version: "1.9.3" });
  await run(newer);
  await expect(run(older)).rejects.toThrow(
    /contract Parcels: the server was provisioned with version 1\.10\.0 of it, and this is 1\.9\.3.*--allow version/,
  );
  expect((await admin.durable(STREAM, DESK))?.settings.ackWaitMs).toBe(60_000);
  await run(older, "version");
  expect((await admin.stream(STREAM))?.settings.metadata).toMatchObject({ "tandem.contract-version": "1.9.3" });
  expect(changeOf(await plan(older), "Parcels")).toBeUndefined();
  await run(newer);
});

it("provisioners that come at once take turns, and the newest release is what stays", async () => {
  const { admin, plan } = await parcelServer(natsUrl);
  const releases = [1, 2, 3, 4].map((minor) =>
    parcels({
      version: `1.${minor}.0`,
      stream: { maxAgeMs: minor * 86_400_000 },
      consumer: { ackWaitMs: minor * 10_000 },
    }),
  );
  const results = await Promise.allSettled(
    releases.flatMap((topology) => [provision(topology, { natsUrl }), provision(topology, { natsUrl })]),
  );
  const refused = results.flatMap((result) => (result.status === "rejected" ? [String(result.reason)] : []));
  for (const reason of refused) expect(reason).toMatch(/provisioned with version/);
  expect(results.slice(-2).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
  expect((await admin.stream(STREAM))?.settings).toMatchObject({ maxAgeMs: 4 * 86_400_000 });
  expect((await admin.durable(STREAM, DESK))?.settings.ackWaitMs).toBe(40_000);
  const last = await plan(releases[3] ?? parcels());
  expect([...new Set(last.changes.map(({ kind }) => kind))]).toEqual(["unchanged"]);
});

it("a provisioner says who is at it when that takes too long, and changes nothing", async () => {
  const { admin, provision: run } = await parcelServer(natsUrl);
  const [, audit] = ownStreams(parcels(), "development");
  await admin.createStream("TANDEM_AUDIT", audit?.settings ?? { subjects: [] });
  const hold = await admin.hold("TANDEM_AUDIT", "provisioning", { holder: "elsewhere:42:x", ttlMs: 600_000 });
  await expect(provision(parcels(), { natsUrl, patienceMs: 300 })).rejects.toThrow(
    "another provisioner (process 42 on elsewhere) is at it",
  );
  expect(await admin.stream(STREAM)).toBeUndefined();
  if ("release" in hold) await hold.release();
  await run(parcels());
});
