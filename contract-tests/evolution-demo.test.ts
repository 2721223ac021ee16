/** `npm run demo -- --evolution`: a change of a schema under load, gate by gate, as a stranger sees it. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../", import.meta.url));

it("takes an event from v1 to v2 while orders come in, and loses nothing", { timeout: 240_000 }, async () => {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["lab/demo/main.ts", "--evolution"], {
    cwd: ROOT,
  });
  expect(stderr).toBe("");
  const steps = [...stdout.matchAll(/^✓ (\w+)\??[:, ].*\(\d+\.\d s\)$/gm)].map(([, word]) => word);
  expect(steps).toEqual([
    "release",
    "order",
    "open",
    "dual",
    "readers",
    "flip",
    "deprecate",
    "drained",
    "retire",
    "no",
  ]);

  expect(stdout).toMatch(/dual \(draft → dual\): refused, nothing was changed\n.* no  line \d+: unsure/);
  expect(stdout).toMatch(
    /flip \(dual → flipped\)\n.* ok  inventoryHandlesOrderCreated lists v2\n.* ok  v2 is published/,
  );
  const [, refusal = ""] =
    /retire \(deprecated → retired\): refused, nothing was changed\n([\s\S]*?)messages so far/.exec(stdout) ?? [];
  // The reader that no contract names, and the durable of a service that has moved on.
  expect(refusal).toMatch(/ no {2}ORDERS\/\w+ is live \(\d+ pulls wait\) and reads orders\.created\.v1$/m);
  expect(refusal).toMatch(
    / no {2}ORDERS\/inventory-orderCreated-v1 of inventory is live .* and reads orders\.created\.v1, replay\.inventory-/,
  );
  expect(stdout).toContain("removed ORDERS/inventory-orderCreated-v1: no pull waited");
  expect(stdout).toMatch(/^ +\d+ further messages are v2, and none is v1$/m);

  const readers = ["v1", "v2"].map(
    (version) =>
      new RegExp(String.raw`^ +knows ${version} only +(\d+) +(\d+) +(\d+) +(.+)$`, "m").exec(stdout)?.slice(1) ?? [],
  );
  const [[messagesV1, factsV1, bothV1, foldV1] = [], [messagesV2, factsV2, bothV2, foldV2] = []] = readers;
  expect(Number(bothV1)).toBeGreaterThan(50);
  expect([messagesV1, messagesV2, bothV2]).toEqual([factsV1, factsV2, bothV1]);
  // Each of them knew the event alone for a while.
  for (const facts of [factsV1, factsV2]) expect(Number(facts)).toBeGreaterThan(Number(bothV1));
  expect(foldV1).toMatch(/\d+ tea-250/);
  expect(foldV2).toBe(foldV1);

  const [, orders, confirmed, cancelled] =
    /^ +(\d+) orders: (\d+) confirmed, (\d+) cancelled; dead letters: 0$/m.exec(stdout) ?? [];
  expect(Number(confirmed) + Number(cancelled)).toBe(Number(orders));
  expect(Number(factsV1) + Number(factsV2) - Number(bothV1)).toBe(Number(orders));
  expect(stdout).toMatch(/^✓ all as expected, in \d+\.\d s$/m);
});
