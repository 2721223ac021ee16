/** Does what docs/evolve-an-event.md says, in its order, in a copy of the repository, on a broker of its own. */
import { openAdmin } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { startProcess } from "../lab/system/process.ts";
import { natsForTest } from "../lab/testing/servers.ts";
import { describeCommands, describePatches, readDocument } from "./documents.ts";

const guide = await readDocument("docs/evolve-an-event.md");
const { url } = await natsForTest();

describe("docs/evolve-an-event.md", () => {
  // The demo has a test of its own.
  describeCommands(guide, { except: ["npm run demo -- --evolution"], env: { NATS_URL: url } });

  describePatches(guide, [
    "docs/evolve/inventory-rejected-v2.yaml",
    "docs/evolve/2-order-reads-v2.patch",
    "docs/evolve/3-inventory-writes-v2.patch",
  ]);
});

it("starts servers to try it on, as it says", async () => {
  const servers = startProcess({ name: "servers", file: "lab/servers/main.ts" });
  try {
    const address = await servers.line((line) => /^export NATS_URL=(nats:\S+)$/.exec(line)?.[1]);
    const admin = await openAdmin({ servers: [address] });
    expect(await admin.streams()).toEqual([]);
    await admin.close();
  } finally {
    expect(await servers.stop()).toEqual({ code: 0, signal: null });
  }
});
