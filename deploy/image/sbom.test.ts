import { expect, it } from "vitest";
import { billOfMaterials, type LockedPackages } from "./sbom.ts";

const locked: LockedPackages = {
  "node_modules/pg": { version: "8.23.1", license: "MIT", integrity: "sha512-AAEC" },
  "node_modules/@nats-io/nkeys": { version: "2.0.0", license: "Apache-2.0" },
  "node_modules/ajv/node_modules/fast-uri": { version: "3.1.9", license: "(MIT OR Apache-2.0)" },
  "node_modules/alias": { name: "empty", version: "1.0.0" },
  "node_modules/esbuild": { version: "0.28.2", license: "MIT" },
};
const image = { name: "tandem-order", version: "0.1.0" };
const system = [{ name: "libstdc++6", version: "12.2.0-14+deb12u1" }];
const inputs = [
  "services/order/main.ts",
  "node_modules/pg/lib/index.js",
  "node_modules/pg/lib/client.js",
  "node_modules/ajv/node_modules/fast-uri/index.js",
  "node_modules/alias/index.js",
  "node_modules/@nats-io/nkeys/lib/mod.js",
];

it("lists Node and the packages that are in the bundle, and no other", () => {
  const bill = JSON.parse(billOfMaterials({ image, node: "24.21.0", system, inputs, locked }));
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", metadata: { component: image } });
  expect(bill.components.map(({ purl }: { purl: string }) => purl)).toEqual([
    "pkg:generic/node@24.21.0",
    "pkg:deb/debian/libstdc%2B%2B6@12.2.0-14%2Bdeb12u1",
    "pkg:npm/%40nats-io/nkeys@2.0.0",
    "pkg:npm/fast-uri@3.1.9",
    "pkg:npm/empty@1.0.0",
    "pkg:npm/pg@8.23.1",
  ]);
  expect(bill.components.at(-1)).toMatchObject({
    licenses: [{ license: { id: "MIT" } }],
    hashes: [{ alg: "SHA-512", content: "000102" }],
  });
  expect(bill.components[3].licenses).toEqual([{ expression: "(MIT OR Apache-2.0)" }]);
});

it("is the same whenever it is made: without date, serial number, or an order of its own", () => {
  const text = billOfMaterials({ image, node: "24.21.0", system, inputs, locked });
  expect(billOfMaterials({ image, node: "24.21.0", system, inputs: inputs.toReversed(), locked })).toBe(text);
  expect(text).not.toMatch(/timestamp|serialNumber/);
});

it("refuses what the lock file does not know", () => {
  const unknown = { image, node: "24.21.0", system, inputs: ["node_modules/left-pad/index.js"], locked };
  expect(() => billOfMaterials(unknown)).toThrow("no version of node_modules/left-pad");
});
