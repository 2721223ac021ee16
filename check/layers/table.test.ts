import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findLayerBreaks } from "../../codegen/check/layers.ts";
import { LAYERS } from "./table.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What the architecture forbids; the last word marks what the lint cannot know from the specifier alone. */
const FORBIDDEN: readonly [file: string, specifier: string, by?: "layers only"][] = [
  ["runtime/a.ts", "../codegen/x.ts"],
  ["runtime/postgres/a.ts", "../../lab/x.ts"],
  ["runtime/a.ts", "#generated/topology.ts"],
  ["runtime/a.ts", "@tandem/cli"],
  ["runtime/a.ts", "@nats-io/jetstream", "layers only"],
  ["runtime/a.ts", "pg", "layers only"],
  ["runtime/nats/a.ts", "pg", "layers only"],
  ["runtime/postgres/a.ts", "@nats-io/transport-node", "layers only"],
  ["codegen/emit/a.ts", "@tandem/runtime"],
  ["codegen/a.ts", "../ops/x.ts"],
  ["codegen/emit/deep/a.ts", "../../../runtime/x.ts"],
  ["evolutions/a.ts", "../services/order/x.ts"],
  ["services/order/a.ts", "../payment/x.ts"],
  ["services/order/a.ts", "../../runtime/x.ts"],
  ["services/order/a.ts", "../../evolutions/x.ts"],
  ["services/order/a.ts", "@tandem/runtime/admin"],
  ["services/order/a.ts", "@tandem/runtime/testing"],
  ["services/order/a.ts", "@tandem/cli"],
  ["services/order/a.ts", "@nats-io/jetstream", "layers only"],
  ["services/order/a.ts", "pg", "layers only"],
  ["services/order/main.ts", "../payment/x.ts"],
  ["services/order/deep/a.ts", "../../payment/x.ts", "layers only"],
  ["services/order/deep/a.ts", "../../../lab/x.ts"],
  ["ops/a.ts", "../generated/topology.ts"],
  ["ops/a.ts", "#generated/topology.ts"],
  ["ops/provision/a.ts", "../../runtime/x.ts"],
  ["ops/a.ts", "../lab/x.ts"],
];

const ALLOWED: readonly [file: string, specifier: string][] = [
  ["runtime/nats/a.ts", "@nats-io/jetstream"],
  ["runtime/nats/a.ts", "../errors.ts"],
  ["runtime/postgres/a.ts", "pg"],
  ["codegen/emit/a.ts", "../model/x.ts"],
  ["services/order/a.ts", "#generated/services/order.ts"],
  ["services/order/a.ts", "@tandem/runtime"],
  ["services/order/a.ts", "./b.ts"],
  ["services/order/deep/a.ts", "../b.ts"],
  ["services/order/main.ts", "../../evolutions/x.ts"],
  ["services/order/a.test.ts", "../../lab/x.ts"],
  ["services/order/a.test.ts", "@tandem/runtime/testing"],
  ["ops/provision/a.ts", "../../codegen/x.ts"],
  ["ops/a.ts", "@tandem/runtime/admin"],
  ["lab/a.ts", "../services/order/x.ts"],
  ["contract-tests/deep/a.ts", "../../runtime/x.ts"],
];

/** Every form of import that a file can be broken with. */
function forms(specifier: string): string {
  return `import { a } from "${specifier}";
export { b } from "${specifier}";
export const c = [a, await import("${specifier}")];
`;
}

describe("the layer check", () => {
  it.each(FORBIDDEN)("refuses in %s each form of importing %s", (file, specifier) => {
    expect(findLayerBreaks(new Map([[file, forms(specifier)]]), LAYERS)).toHaveLength(3);
  });

  it.each(ALLOWED)("allows in %s to import %s", (file, specifier) => {
    expect(findLayerBreaks(new Map([[file, forms(specifier)]]), LAYERS)).toEqual([]);
  });
});

describe("the lint", () => {
  const forbidden = FORBIDDEN.map(([file, specifier, by], index) => ({ file: caseFile(file, index), specifier, by }));
  const allowed = ALLOWED.map(([file, specifier], index) => ({ file: caseFile(file, 100 + index), specifier }));
  let folder: string;
  let refused: ReadonlyMap<string, number>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "tandem-lint-"));
    const config = await readFile(join(ROOT, ".oxlintrc.json"), "utf8");
    // Reading a specifier needs no types, and they cost most of the time.
    await writeFile(join(folder, ".oxlintrc.json"), config.replace('"typeAware": true', '"typeAware": false'));
    for (const { file, specifier } of [...forbidden, ...allowed]) {
      await mkdir(join(folder, dirname(file)), { recursive: true });
      await writeFile(join(folder, file), forms(specifier));
    }
    refused = countRefusals(await lint(folder));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it.each(forbidden)("refuses in $file what it can tell of $specifier", ({ file, by }) => {
    expect(refused.get(file) ?? 0).toBe(by === "layers only" ? 0 : 3);
  });

  it.each(allowed)("allows in $file to import $specifier", ({ file }) => {
    expect(refused.get(file)).toBeUndefined();
  });
});

/** A name of its own in the same folder; `main.ts` keeps its name, in a service of its own. */
function caseFile(file: string, index: number): string {
  return file.endsWith("/main.ts") ? file.replace("/order/", `/order${index}/`) : file.replace("/a.", `/a${index}.`);
}

/** Answers oxlint's report as JSON. That it found something is no error here. */
function lint(folder: string): Promise<string> {
  const oxlint = join(ROOT, "node_modules/oxlint/bin/oxlint");
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, [oxlint, "--format=json"], { cwd: folder }, (_error, stdout) => resolve(stdout));
  return promise;
}

function countRefusals(json: string): Map<string, number> {
  const report: { diagnostics: { code: string; filename: string }[] } = JSON.parse(json);
  const counts = new Map<string, number>();
  for (const { code, filename } of report.diagnostics) {
    if (code.includes("no-restricted-imports")) counts.set(filename, (counts.get(filename) ?? 0) + 1);
  }
  return counts;
}
