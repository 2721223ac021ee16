import { expect, it } from "vitest";
import { freePort } from "../../lab/servers/free-port.ts";
import { databaseForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { readTopology } from "../topology.ts";
import { provision } from "../provision/provision.ts";
import { collectFacts } from "./collect.ts";
import { promisesCommand } from "./command.ts";

const topology = readTopology("generated/topology.json");
const nats = await natsServerForTest();
const database = await databaseForTest();
const sources = { natsUrl: nats.url, monitorUrl: nats.monitoringUrl, databaseUrl: database.url };

it("asks the broker for its streams and its disk, and PostgreSQL for its settings", async () => {
  const before = await collectFacts(topology, sources);
  expect(before.streams).toEqual({});
  await provision(topology, { natsUrl: nats.url });
  const after = await collectFacts(topology, sources);
  expect(after.streams["ORDERS"]).toMatchObject({ replicas: 1, storage: "file" });
  expect(after.missingDurables).toEqual([]);
  expect(after.syncing).toEqual({ kind: "every", ms: 120_000 });
  expect(after.database).toMatchObject({ synchronousCommit: "on", walWriterDelayMs: 200 });
});

it("does without a broker, and says which address is no monitoring port", async () => {
  const nobody = `nats://127.0.0.1:${await freePort()}`;
  const facts = await collectFacts(topology, { natsUrl: nobody, monitorUrl: undefined, databaseUrl: undefined });
  expect(facts).toMatchObject({ server: undefined, syncing: { kind: "unknown" }, database: undefined });
  const wrong = `http://127.0.0.1:${await freePort()}`;
  await expect(collectFacts(topology, { ...sources, monitorUrl: wrong })).rejects.toThrow(/varz gives no answer/);
});

it("prints words or JSON, and ends with 1 when it is to be strict and a loss of power loses something", async () => {
  const printed: string[] = [];
  const surroundings = {
    env: { NATS_URL: nats.url, DATABASE_URL: database.url },
    print: (text: string) => void printed.push(text),
  };
  expect(await promisesCommand.run([], surroundings)).toBe(0);
  expect(printed.join("\n")).toMatch(/^kept {5}When a service's process is killed:$/m);
  expect(await promisesCommand.run(["--strict", "--json"], surroundings)).toBe(1);
  const promises: { id: string }[] = JSON.parse(printed.at(-1) ?? "");
  expect(promises.map(({ id }) => id)).toContain("broker-power-r1");
});
