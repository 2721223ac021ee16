/**
 * Two teams, each with a repository of its own: orders publishes an event and its contract as a package, billing reads
 * it. What billing's CI says is `diff`, `generate --check` and the compiler.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileURLToPath } from "node:url";
import { readCommands, readDocument, shell } from "../documents.ts";
import { TeamRepository } from "./repository.ts";

const LIMIT_MS = 300_000;
const SCHEMA = fileURLToPath(new URL("./testdata/orders-created-v2.yaml", import.meta.url));

/** Billing's copy of the contract of orders, and the release that is installed. */
const COMPARE = "npx tandem diff @acme/orders-contract --against contracts/orders.yaml";

const orders = new TeamRepository("orders");
const billing = new TeamRepository("billing");

beforeAll(async () => {
  await orders.begin();
  billing.install(orders);
  expect(await billing.tandem("generate")).toMatchObject({ code: 0 });
  await billing.begin();
}, LIMIT_MS);
afterAll(() => {
  orders.remove();
  billing.remove();
});

/** Billing takes the contract that orders published last, on a branch of its own. */
async function update(branch: string): Promise<void> {
  await billing.commit("Begin to update the contract of orders", branch);
  billing.install(orders);
}

it("is what docs/other-teams.md shows", async () => {
  const guide = await readDocument("docs/other-teams.md");
  const written = [orders.read("asyncapi.yaml"), billing.read("asyncapi.yaml")].join("\n");
  const shown = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trimEnd().split("\n"));
  expect(shown.length).toBeGreaterThan(5);
  expect(shown.filter((line) => !written.includes(line))).toEqual([]);
});

describe("two teams with a repository each", { timeout: LIMIT_MS }, () => {
  it("agree at first: nothing is different, and everything compiles", async () => {
    expect(await billing.tandem("diff")).toMatchObject({ code: 0, stdout: expect.stringMatching(/: no changes\n$/) });
    expect(await billing.tandem("generate", "--check")).toMatchObject({ code: 0, stderr: "" });
    expect(await billing.types()).toMatchObject({ code: 0, stdout: "" });
  });

  it("every command of docs/other-teams.md is one that works", async () => {
    const commands = readCommands(await readDocument("docs/other-teams.md"));
    expect(commands.map(({ command }) => command)).toContain(COMPARE);
    for (const { command, prints } of commands) {
      const { code, output } = await shell(command, billing.folder);
      expect({ command, code, output }).toMatchObject({ code: 0 });
      for (const part of prints) expect(output).toContain(part);
    }
  });

  it("orders opens a version, and publishes it beside the first", async () => {
    expect(await orders.tandem("evolve", "open", "orders.created", "--schema", SCHEMA)).toMatchObject({ code: 0 });
    orders.edit("asyncapi.yaml", { " # unsure: only the type says so": "" });
    const advanced = await orders.tandem("evolve", "advance", "orders.created");
    expect(advanced.stdout).toContain("dual (draft → dual)");
    expect(advanced.code).toBe(0);
    const diff = await orders.tandem("diff");
    expect(diff).toMatchObject({ code: 0, stdout: expect.stringContaining("version-added orders.created v2") });
    await orders.commit("Publish orders.created v2");
  });

  it("billing's CI says that nothing breaks, what there is to read, and what is not generated yet", async () => {
    await update("take-v2");
    const diff = await billing.tandem("diff");
    expect(diff.stdout).toMatch(
      /^asyncapi\.yaml:\d+:\d+ compatible version-added orders\.created v2: is published by Orders beside the older ones: to read it, let billing list OrderCreatedV2$/m,
    );
    expect(diff.code).toBe(0);
    const check = await billing.tandem("generate", "--check");
    expect(check).toMatchObject({ code: 1, stderr: expect.stringContaining("  changed  others.json\n") });
  });

  it("billing lists the new version: the compiler names the handler, and then everything is green", async () => {
    const listed = "{ $ref: '#/channels/orderCreated/messages/OrderCreatedV1' }";
    billing.edit("asyncapi.yaml", { [listed]: `${listed}, ${listed.replace("V1", "V2")}` });
    expect(await billing.tandem("generate")).toMatchObject({ code: 0 });
    const wrong = await billing.types();
    expect(wrong.stdout).toMatch(/^handlers\.ts\(\d+,\d+\): error TS2339: Property 'total' does not exist/m);
    billing.edit("handlers.ts", { "order.total": "order.amount" });
    expect(await billing.types()).toMatchObject({ code: 0, stdout: "" });
    expect(await billing.tandem("generate", "--check")).toMatchObject({ code: 0 });
    const diff = await billing.tandem("diff");
    expect(diff.stdout).toContain("reader-moved orders.created: is read by billing as v1 and v2 instead of v1");
    expect(diff.code).toBe(0);
    expect(await billing.tandem("evolve", "open", "orders.created")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^orders\.created belongs to Orders \(node_modules\/@acme\S+:\d+:\d+\)/),
    });
  });

  it("billing's CI says who loses what when orders lets the first version go, and what to do", async () => {
    // Billing did not take the new version: its main branch still reads the first.
    billing.edit("asyncapi.yaml", { ", { $ref: '#/channels/orderCreated/messages/OrderCreatedV2' }": "" });
    billing.edit("handlers.ts", { "order.amount": "order.total" });
    orders.edit("asyncapi.yaml", {
      "number: 1, state: current": "number: 1, state: deprecated, sunset: 2999-01-31",
      "writes: v1": "writes: v2",
    });
    billing.install(orders);
    const warned = await billing.tandem("diff");
    expect(warned.stdout).toContain(
      "orders.created v1: is deprecated: Orders publishes it no more after 2999-01-31; until then let billing list OrderCreatedV2",
    );
    expect(warned.code).toBe(0);

    orders.edit("asyncapi.yaml", {
      "number: 1, state: deprecated, sunset: 2999-01-31": "number: 1, state: retired",
      "      - { $ref: '#/channels/orderCreated/messages/OrderCreatedV1' }\n": "",
    });
    billing.install(orders);
    const lost = await billing.tandem("diff");
    expect(lost.stdout).toMatch(/^asyncapi\.yaml:\d+:\d+ breaking state-changed orders\.created v1: is retired/m);
    expect(lost.stdout).toContain("billing reads no other version");
    expect(lost.stdout).toContain("hint: Let billing list OrderCreatedV2 too");
    expect(lost.code).toBe(1);
    const copy = await shell(COMPARE, billing.folder);
    expect(copy.output).toMatch(
      /^node_modules\/@acme\/orders-contract\/asyncapi\.yaml:\d+:\d+ breaking step-skipped orders\.created v1: is retired/m,
    );
    expect(copy.code).toBe(1);
    const generated = await billing.tandem("generate");
    expect(generated).toMatchObject({ code: 0, stderr: expect.stringContaining("warning OTHER_RETIRED") });
  });
});
