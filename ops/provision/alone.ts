/** One provisioner at a time on a server: two would undo each other between looking and changing. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as pause } from "node:timers/promises";
import type { Admin, Hold } from "@tandem/runtime/admin";
import { OpsError } from "../error.ts";
import type { DesiredStream } from "./desired.ts";

const NAME = "provisioning";
const TTL_MS = 30_000;
const RENEW_MS = 5_000;
const AGAIN_MS = 200;

/** Whether it is this provisioner's turn still; rejects when it is not. */
export type StillAlone = () => Promise<void>;

/**
 * Runs while no other provisioner does, and waits for one that does. The word is on a stream that every contract of the
 * account shares, which is made when it is not there.
 *
 * @throws OpsError when another provisioner is at it for longer than `patienceMs`
 */
export async function alone<T>(
  admin: Admin,
  shared: DesiredStream,
  patienceMs: number,
  work: (stillAlone: StillAlone) => Promise<T>,
): Promise<T> {
  await makeShared(admin, shared);
  const hold = await takeTurn(admin, shared.name, patienceMs);
  let renewed = Date.now();
  const stillAlone = async (): Promise<void> => {
    if (Date.now() - renewed < RENEW_MS) return;
    renewed = Date.now();
    if (await hold.renew()) return;
    throw new OpsError(
      "Provisioning took so long that another one may have begun: what was changed so far is as the contract says. Provision again.",
    );
  };
  try {
    return await work(stillAlone);
  } finally {
    // It passes by itself; an error of the work is worth more than one of this.
    await hold.release().catch(() => undefined);
  }
}

async function makeShared(admin: Admin, { name, settings }: DesiredStream): Promise<void> {
  if ((await admin.stream(name)) !== undefined) return;
  try {
    await admin.createStream(name, settings);
  } catch (error) {
    // Another contract's provisioner made it in that moment, with replicas of its own.
    if ((await admin.stream(name)) === undefined) throw error;
  }
}

async function takeTurn(admin: Admin, stream: string, patienceMs: number): Promise<Hold> {
  const holder = `${hostname()}:${process.pid}:${randomUUID()}`;
  const until = Date.now() + patienceMs;
  for (;;) {
    const answer = await admin.hold(stream, NAME, { holder, ttlMs: TTL_MS });
    if (!("heldBy" in answer)) return answer;
    if (Date.now() > until) {
      const [host, pid] = answer.heldBy.split(":");
      throw new OpsError(
        `Nothing was changed: another provisioner (process ${pid} on ${host}) is at it. Wait for it, and provision again; what a killed one held passes within ${TTL_MS / 1_000} s.`,
      );
    }
    await pause(AGAIN_MS);
  }
}
