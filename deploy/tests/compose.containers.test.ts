import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readIntentLog } from "../../lab/load/intent-log.ts";
import { runLoad } from "../../lab/load/run-load.ts";
import { sendOrder } from "../../lab/load/send-order.ts";
import { readStatus } from "../../lab/system/answers.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { docker } from "../engine/docker.ts";
import { buildImage } from "../image/build-image.ts";
import { TARGETS } from "../image/targets.ts";
import { type ComposeSystem, startComposeSystem } from "./compose-system.ts";
import { noEngine, whyNot } from "./engine.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LONG = { deadlineMs: 120_000, intervalMs: 250 };

/** Everything that stays up. */
const CONTAINERS = [
  ...["nats-1", "nats-2", "nats-3", "postgres", "order", "inventory", "payment", "steward", "verify", "gateway"],
  "prometheus",
] as const;

let system: ComposeSystem;

async function decided(orderId: string): Promise<string> {
  const response = await fetch(`${system.url}/orders/${orderId}`);
  const { status } = await readStatus(response);
  if (status === "processing") throw new Error(`the order ${orderId} is not decided`);
  return status;
}

describe.skipIf(noEngine)(`docker compose up${whyNot}`, () => {
  beforeAll(async () => {
    for (const target of [...TARGETS.map(({ name }) => name), "nats"]) {
      await buildImage(`tandem-${target}`, { root: ROOT, target });
    }
    system = await startComposeSystem();
  });

  afterAll(async () => {
    await system?.end();
  });

  it("ends with everything healthy, and what provisions ended", async () => {
    for (const name of CONTAINERS) expect(await system.stateOf(name)).toMatchObject({ health: "healthy" });
    expect(await system.stateOf("provisioner")).toMatchObject({ isRunning: false, exitCode: 0 });
    expect(await system.compose("run", "--rm", "provisioner")).toMatch(/(\d+) of \1 were as the contract says$/);
  });

  it("takes an order at the door, which ends confirmed", async () => {
    const body = { items: [{ product_id: "tea-250", quantity: 1 }] };
    const options = { url: system.url, timeoutMs: 30_000, retries: 5 };
    const outcome = await sendOrder(options, { idempotencyKey: "first", body });
    if (outcome.kind !== "accepted") throw new Error(JSON.stringify(outcome));
    expect(await eventually(async () => decided(outcome.orderId), LONG)).toBe("confirmed");
  });

  it("shows no secret in what the engine and the logs tell", async () => {
    const files = ["nats/order.nk", "nats/provisioner.nk", "postgres/admin.password", "tls/server.key"];
    const texts = await Promise.all(files.map(async (file) => readFile(join(system.secrets, file), "utf8")));
    const url = (await readFile(join(system.secrets, "postgres/order.url"), "utf8")).trim();
    const secrets = [...texts.map((text) => text.trim().split("\n").at(-2) ?? text.trim()), new URL(url).password];
    const ids = (await system.compose("ps", "--all", "--quiet")).split("\n");
    const told = (await docker(["inspect", ...ids])) + (await system.compose("logs", "--no-color"));
    expect(told).toContain("tandem_order");
    for (const secret of secrets) expect(told.includes(secret)).toBe(false);
  });

  it("lets nobody on a network where he has nothing to do", async () => {
    const lookup = (host: string) =>
      `require("node:dns").lookup("${host}", (error) => console.log(error?.code ?? "known"))`;
    const asked = async (service: string, host: string) =>
      system.compose("exec", "--no-TTY", service, "node", "-e", lookup(host));
    expect(await asked("payment", "gateway")).toBe("known");
    for (const [service, host] of [
      ["gateway", "nats-1"],
      ["gateway", "postgres"],
      ["order", "gateway"],
    ] as const) {
      expect(await asked(service, host)).toMatch(/^(?:ENOTFOUND|EAI_AGAIN)$/);
    }
  });

  it.each(["order", "inventory", "payment", "steward"])(
    "%s, idle, ends with 0 within a second of SIGTERM",
    async (name) => {
      const { id } = await system.stateOf(name);
      // What has not ended after a second is killed, and ends with 137.
      await docker(["stop", "--timeout", "1", id]);
      expect(await system.stateOf(name)).toMatchObject({ isRunning: false, exitCode: 0 });
      await system.compose("up", "--detach", "--no-build", "--no-deps", "--wait", name);
    },
  );

  it("loses nothing when each container is killed in turn while orders come in", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tandem-orders-"));
    const logFile = join(folder, "intent.jsonl");
    const enough = new AbortController();
    try {
      const options = { url: system.url, timeoutMs: 10_000, retries: 600, logFile, signal: enough.signal };
      const load = runLoad({ ...options, rate: 2, seconds: 3_600 });
      load.catch(() => undefined);
      for (const name of CONTAINERS) {
        const before = await system.stateOf(name);
        await system.crash(name);
        await system.againAfter(name, before);
      }
      enough.abort();
      const { intended, outcomes } = await load;
      expect(outcomes).toEqual({ accepted: intended, refused: 0, "no answer": 0 });
      expect(intended).toBeGreaterThan(CONTAINERS.length);

      const intents = await readIntentLog(logFile);
      const ids = intents.flatMap(({ outcome }) => (outcome?.kind === "accepted" ? [outcome.orderId] : []));
      expect(new Set(ids).size).toBe(intended);
      const ends = new Set<string>();
      for (const id of ids) ends.add(await eventually(async () => decided(id), LONG));
      expect(ends).toEqual(new Set(["confirmed", "cancelled"]));

      // Each order is three events at least, and all of them are somewhere.
      const verified = await eventually(async () => {
        const { code, stdout, stderr } = await system.tandem("verify", "--grace", "1", "--floor", String(3 * intended));
        if (code !== 0) throw new Error(stdout + stderr);
        return stdout;
      }, LONG);
      expect(verified).toContain("all hold");
    } finally {
      enough.abort();
      await rm(folder, { recursive: true, force: true });
    }
  }, 1_800_000);
});
