/** Who may do what on the broker, tried out: all that the system does, and what nobody of it has to. */
import { join } from "node:path";
import { copyFile, writeFile } from "node:fs/promises";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ORDERS } from "../../lab/demo/orders.ts";
import { decided, placeOrder } from "../../lab/demo/shop.ts";
import type { SecuredBroker } from "../../lab/secured/secured-broker.ts";
import type { System } from "../../lab/system/system.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest } from "../../lab/testing/servers.ts";
import { retireKey, rotateKey, seedFile } from "../../ops/keys/key-folder.ts";
import { inboxOf } from "../../ops/permissions/identities.ts";
import { succeed } from "../packages/ask.ts";
import { type Intruder, logIn } from "./attempts.ts";
import { FORBIDDEN_PUBLISHES, FORBIDDEN_SUBSCRIPTIONS } from "./forbidden.ts";
import { type SecuredSystem, startSecuredSystem, TEA } from "./secured-system.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const database = await databaseForTest();
const DECIDED_MS = 20_000;

let secured: SecuredSystem;
let directory: string;
let broker: SecuredBroker;
let system: System;

beforeAll(async () => {
  secured = await startSecuredSystem(database.url, { steward: true });
  ({ directory, broker, system } = secured);
}, 60_000);
afterAll(() => secured?.stop());

/** Runs `tandem` as an identity. */
function tandem(identity: string, ...args: string[]): Promise<string> {
  const env = { NATS_URL: broker.urlOf(identity), DATABASE_URL: database.url };
  return succeed(process.execPath, ["ops/main.ts", ...args], { cwd: ROOT, env });
}

describe("what the system does goes", () => {
  it("as every order comes to its end", async () => {
    for (const order of ORDERS.slice(0, 2)) {
      const placed = await placeOrder(system.url, order, `least-privilege-${order.label}`);
      expect(await decided(system.url, placed, DECIDED_MS)).toMatchObject({ status: order.expected.status });
    }
    const processes = [...Object.values(system.services), ...(system.steward ? [system.steward] : [])];
    const complaints = processes.flatMap(({ process }) =>
      process.tail().filter((line) => line.includes("refused an operation")),
    );
    expect(complaints).toEqual([]);
  });

  it.each([
    ["observer", ["status"]],
    ["observer", ["verify"]],
    ["observer", ["trace", "least-privilege-tea"]],
    ["observer", ["promises"]],
    ["observer", ["dead-letters", "list"]],
    ["operator", ["dead-letters", "list"]],
    ["provisioner", ["provision"]],
    ["provisioner", ["provision", "--dry-run"]],
  ] as const)("as the %s runs tandem %j", async (identity, args) => {
    await expect(tandem(identity, ...args)).resolves.not.toBe("");
  });
});

describe("what nobody has to do is refused", () => {
  const intruders = new Map<string, Promise<Intruder>>();
  const as = (identity: string): Promise<Intruder> => {
    const known = intruders.get(identity) ?? secured.intruder(identity);
    intruders.set(identity, known);
    return known;
  };
  afterAll(async () => {
    for (const each of intruders.values()) await (await each).close();
  });

  it.each(FORBIDDEN_PUBLISHES)("%s publishes to %s: %s", async (identity, subject) => {
    expect(await (await as(identity)).publish(subject, "{}")).toBe(true);
  });

  it.each(FORBIDDEN_SUBSCRIPTIONS)("%s listens on %s", async (identity, subject) => {
    expect(await (await as(identity)).subscribe(subject)).toBe(true);
  });

  it("and what somebody has to do is not", async () => {
    const inventory = await as("inventory");
    expect(await inventory.subscribe("_INBOX_inventory.mine.*")).toBe(false);
    const info = await inventory.ask("$JS.API.CONSUMER.INFO.ORDERS.inventory-orderCreated-v2");
    expect(JSON.parse(info)).toMatchObject({ stream_name: "ORDERS", name: "inventory-orderCreated-v2" });
  });

  it("an observer makes no durable out of a consumer without a name", async () => {
    const body = (config: object) => JSON.stringify({ stream_name: "ORDERS", config, action: "" });
    const named = body({ durable_name: "payment-orderPayable-v1", ack_policy: "explicit", max_deliver: 1 });
    const answer = JSON.parse(await (await as("observer")).ask("$JS.API.CONSUMER.CREATE.ORDERS", named));
    expect(answer).toMatchObject({ error: { code: expect.any(Number) } });
  });

  it("nobody comes in without a key, with another one, or without TLS", async () => {
    const { port } = broker.server;
    const stranger = await import("@tandem/runtime/admin").then(({ createNkey }) => createNkey());
    const seed = join(directory, "stranger.nk");
    await writeFile(seed, stranger.seed);
    await expect(logIn({ port, ca: broker.ca, seed, inbox: "_INBOX" })).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: `127.0.0.1:${port}`, tls: { caFile: broker.ca } })).rejects.toThrow(
      /authorization/i,
    );
    await expect(connect({ servers: `127.0.0.1:${port}` })).rejects.toThrow(/certificate|secure/i);
  });
});

describe("a key is replaced", () => {
  it("while the service works, and the old one opens nothing afterwards", async () => {
    const old = join(directory, "old.nk");
    await copyFile(seedFile(broker.keys, "inventory"), old);
    const asOld = () => logIn({ port: broker.server.port, ca: broker.ca, seed: old, inbox: inboxOf("inventory") });

    rotateKey(broker.keys, "inventory");
    await broker.reload();
    const first = await placeOrder(system.url, TEA, "rotated");
    expect(await decided(system.url, first, DECIDED_MS)).toMatchObject({ status: "confirmed" });
    await (await asOld()).close();

    // From now on the server knows the new key only: who came with the old one is sent away, and comes back with the new.
    retireKey(broker.keys, "inventory");
    await broker.reload();
    await eventually(
      async () =>
        (await asOld().then(
          (each) => each.close(),
          () => "refused",
        )) === "refused",
    );
    const second = await placeOrder(system.url, TEA, "retired");
    expect(await decided(system.url, second, DECIDED_MS)).toMatchObject({ status: "confirmed" });
    expect(system.services["inventory"]?.process.exit).toBeUndefined();
  });
});
