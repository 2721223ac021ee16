import { expect, it } from "vitest";
import { judgeSizes, sizeTable } from "./judge-sizes.ts";
import type { Layer } from "./measure.ts";

const layer = (digest: string, size: number, compressed: number): Layer => ({
  digest,
  size: size * 1e6,
  compressed: compressed * 1e6,
});
const base = [layer("libc", 8, 3), layer("node", 108, 40)];
const naive = [layer("debian", 800, 300), layer("everything", 600, 200)];
const service = (name: string, size: number, compressed: number) => ({
  name,
  layers: [...base, layer(name, size, compressed)],
  isService: true,
});

it("counts as a service's own what it does not share with the others", () => {
  const sizes = judgeSizes([service("order", 1.4, 0.4), service("payment", 0.9, 0.2)], naive);
  expect(sizes.map(({ name, own, ownCompressed, faults }) => ({ name, own, ownCompressed, faults }))).toEqual([
    { name: "order", own: 1.4e6, ownCompressed: 0.4e6, faults: [] },
    { name: "payment", own: 0.9e6, ownCompressed: 0.2e6, faults: [] },
  ]);
  expect(sizeTable("naive", naive, sizes)).toBe(
    [
      "image        MB  compressed  own MB  compressed  of naive",
      "naive    1400.0       500.0",
      "order     117.4        43.4    1.40        0.40     8.4 %",
      "payment   116.9        43.2    0.90        0.20     8.3 %",
    ].join("\n"),
  );
});

it("says of each limit that it is broken, and by how much", () => {
  const [, large] = judgeSizes([service("order", 1, 0.2), service("payment", 5, 4)], naive.slice(0, 1));
  expect(large?.faults).toEqual([
    "payment: The whole image has 121.0 MB, more than 120.0.",
    "payment: The whole image, compressed, has 47.0 MB, more than 46.0.",
    "payment: What it does not share has 5.00 MB, more than 1.50.",
    "payment: What it does not share, compressed, has 4.00 MB, more than 0.50.",
    "payment: It has 15.1 % of the naive image, more than 10.0 %.",
  ]);
  // Beside something that is no yardstick the share is no fault.
  const [, shown] = judgeSizes([service("order", 1, 0.2), service("payment", 1, 0.2)], naive.slice(0, 1), false);
  expect(shown).toMatchObject({ ofNaive: expect.closeTo(0.146, 3), faults: [] });
});

it("asks nothing of what is no service", () => {
  const [, ops] = judgeSizes([service("order", 1, 0.2), { ...service("ops", 50, 40), isService: false }], naive);
  expect(ops?.faults).toEqual([]);
});
