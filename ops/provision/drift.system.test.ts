/** What somebody set by hand: told, left alone, and different for a check. */
import { nanos } from "@nats-io/transport-node";
import { beforeEach, expect, it } from "vitest";
import { withJetStream } from "../../lab/servers/jetstream-session.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { deleteStreams } from "../../lab/testing/shared-nats.ts";
import { provisionCommand } from "./command.ts";
import { changeOf, DESK, parcels, parcelServer, STREAM } from "./tests/parcels.ts";

const { url: natsUrl } = await natsForTest();
beforeEach(() => deleteStreams(natsUrl));

const DURABLE = `${STREAM}/${DESK}`;

/** Runs the command on the reference contract; answers its exit code and what it printed. */
async function run(...argv: string[]): Promise<{ readonly code: number; readonly text: string }> {
  const printed: string[] = [];
  const print = (text: string): void => void printed.push(text);
  const code = await provisionCommand.run(argv, { env: { NATS_URL: natsUrl }, print });
  return { code, text: printed.join("\n") };
}

it("is told with what it does, and stays through a provisioning", async () => {
  const { admin, plan, provision } = await parcelServer(natsUrl);
  await provision(parcels());
  await admin.updateStream(STREAM, { maxMessages: 5, denyDelete: true });
  await withJetStream(natsUrl, async ({ jetstream }) => {
    const { streams, consumers } = await jetstream();
    await streams.update(STREAM, { max_msgs_per_subject: 2 });
    await consumers.update(STREAM, DESK, { inactive_threshold: nanos(90_000_000), headers_only: true });
    await consumers.pause(STREAM, DESK, new Date(Date.now() + 1_000 * 86_400_000));
  });
  const settingsOf = async (name: string) =>
    changeOf(await plan(parcels()), name)?.drift?.map(({ setting, value }) => [setting, value]);
  expect(await settingsOf(STREAM)).toEqual([
    ["max_msgs", 5],
    ["deny_delete", true],
    ["max_msgs_per_subject", 2],
  ]);
  expect(await settingsOf(DURABLE)).toEqual([
    ["pause_until", expect.any(Number)],
    ["headers_only", true],
    ["inactive_threshold", "1 d"],
  ]);
  await provision(parcels({ stream: { maxAgeMs: 172_800_000 }, consumer: { ackWaitMs: 45_000 } }));
  expect(await admin.stream(STREAM)).toMatchObject({
    settings: { maxMessages: 5 },
    others: { max_msgs_per_subject: 2 },
  });
  expect(await admin.durable(STREAM, DESK)).toMatchObject({ others: { headers_only: true } });
  expect((await admin.durable(STREAM, DESK))?.pausedForMs).toBeGreaterThan(0);
});

it("a server that is as the contract says passes a check; one that is not, does not, and nothing is changed", async () => {
  const { admin } = await parcelServer(natsUrl);
  expect(await run("--check")).toMatchObject({ code: 1, text: expect.stringContaining("would create stream ORDERS") });
  expect(await admin.streams()).toEqual([]);
  expect((await run()).code).toBe(0);
  expect((await run("--check")).code).toBe(0);

  await admin.updateDurable("ORDERS", "inventory-orderCreated-v1", { ackWaitMs: 1_000 });
  const different = await run("--check");
  expect(different).toMatchObject({ code: 1, text: expect.stringContaining("ackWaitMs: 1000 → 30000") });
  expect((await run("--dry-run")).code).toBe(0);
  expect((await admin.durable("ORDERS", "inventory-orderCreated-v1"))?.settings.ackWaitMs).toBe(1_000);
  await run();

  await admin.updateStream("ORDERS", { maxBytes: 1_000_000 });
  const byHand = await run("--check", "--json");
  expect(byHand.code).toBe(1);
  expect(JSON.parse(byHand.text)).toMatchObject({ different: true });
  const { text } = await run("--check");
  expect(text).toContain("set by hand, left alone: max_bytes 1000000: a full stream drops its oldest messages");
  expect(text).toContain("--allow drift:ORDERS.max_bytes");
  expect(await run("--check", "--allow", "drift:ORDERS.max_bytes")).toMatchObject({
    code: 0,
    text: expect.stringContaining("(allowed)"),
  });
});

it("what only the server has is told with who reads it and how to remove it, and passes a check", async () => {
  const { admin } = await parcelServer(natsUrl);
  await run();
  await admin.createDurable("ORDERS", "somebody", { filterSubjects: ["orders.created.v1"] });
  await admin.createStream("FORMER", { subjects: ["former.>"], metadata: { "tandem.contract": "Orders" } });
  const { code, text } = await run("--check");
  expect(text).toMatch(/unknown durable ORDERS\/somebody: .*Nobody reads it now.*nats consumer rm ORDERS somebody/);
  expect(text).toMatch(/unknown stream FORMER: it was the contract's, .*nats stream rm FORMER/);
  expect(code).toBe(0);
});

it("a word that allows nothing is said so", async () => {
  await expect(run("--allow", "everything")).rejects.toThrow('--allow "everything" allows nothing: there is contract,');
  await expect(run("--allow", "subjects")).rejects.toThrow("--allow subjects has to say where");
});
