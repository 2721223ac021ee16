import { appendFile, cp, mkdir, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { NatsServer } from "../../servers/nats-server.ts";
import { runCommand } from "../../servers/run-command.ts";
import type { Fault } from "../fault.ts";
import { leaderOf } from "../fleet/leaders.ts";
import { STREAMS } from "./kill-nats.ts";

/** What is left on the disk at first, bytes. */
const LEFT = 96 * 1_024;
const MIB = 1_024 * 1_024;
const FILLER = "filler";

/**
 * The disk of a node runs full: its store is moved onto a small file system of its own, mounted in the mount namespace
 * that the run has to itself, and filled up but for a little.
 */
export const fillNatsDisk: Fault = {
  name: "fill-nats-disk",
  kind: "nats",
  says: "the disk of the NATS node that leads a stream runs full (a small tmpfs in a mount namespace of the run's own)",
  seconds: [8, 12],
  needs: "root",
  aim: (random) => ({ stream: random.pick(STREAMS), otherwise: random.between(0, 2) }),
  async begin({ cluster }, { stream, otherwise }) {
    const place = (await leaderOf(cluster, String(stream))) ?? Number(otherwise);
    const node = cluster.nodes[place];
    if (node === undefined) throw new Error(`The cluster has no node ${place + 1}.`);
    const store = join(node.directory, "store");
    await node.kill();
    await ontoSmallDisk(node, store);
    try {
      await node.restart();
      await fill(store);
    } catch (error) {
      // Nobody else would take the mount away, and a directory with one cannot be removed.
      await node.kill();
      await offSmallDisk(node, store);
      await node.restart();
      throw error;
    }
    return {
      says: `the disk of node-${place + 1} has ${LEFT / 1_024} KiB left`,
      async end() {
        await node.kill();
        const { bavail, bsize } = await statfs(store);
        await offSmallDisk(node, store);
        await node.restart();
        return `${Math.round((bavail * bsize) / 1_024)} KiB were left; it has a disk again`;
      },
    };
  },
};

async function ontoSmallDisk({ directory }: NatsServer, store: string): Promise<void> {
  const aside = join(directory, "aside");
  await cp(store, aside, { recursive: true });
  await runCommand("mount", ["-t", "tmpfs", "-o", `size=${64 * MIB}`, "tandem-chaos", store]);
  await cp(aside, store, { recursive: true });
  await rm(aside, { recursive: true });
}

/** Fills the disk piece by piece: the node writes meanwhile, and may be the one who takes the last of it. */
async function fill(store: string): Promise<void> {
  for (;;) {
    const { bavail, bsize } = await statfs(store);
    const over = bavail * bsize - LEFT;
    if (over <= 0) return;
    try {
      await appendFile(join(store, FILLER), Buffer.alloc(Math.min(over, MIB)));
    } catch (error) {
      if (error instanceof Error && "code" in error && error.code === "ENOSPC") return;
      throw error;
    }
  }
}

async function offSmallDisk({ directory }: NatsServer, store: string): Promise<void> {
  const aside = join(directory, "aside");
  await mkdir(aside);
  for (const name of await readdir(store)) {
    if (name !== FILLER) await cp(join(store, name), join(aside, name), { recursive: true });
  }
  await runCommand("umount", [store]);
  await rm(store, { recursive: true });
  await cp(aside, store, { recursive: true });
  await rm(aside, { recursive: true });
}
