/** Every operation of the contract exists in the generated code, in the topology, and in the services. */
import { readFile } from "node:fs/promises";
import type { ServiceDescriptor } from "@tandem/runtime";
import { describe, expect, it } from "vitest";
import { readTopology } from "../ops/topology.ts";
import { contract } from "./contract.ts";

const model = await contract();
const topology = readTopology("generated/topology.json");

describe.each(model.services)("$name", (service) => {
  const descriptor = async () => {
    const module: Record<string, ServiceDescriptor> = await import(`../generated/services/${service.file}.ts`);
    const found = module[service.name];
    if (!found) throw new Error(`generated/services/${service.file}.ts exports no ${service.name}`);
    return found;
  };

  it("publishes what the contract says it sends", async () => {
    const { publishes } = await descriptor();
    expect(Object.keys(publishes).sort()).toEqual([...service.publishes]);
    for (const channel of service.publishes) {
      const event = model.events.find((candidate) => candidate.channel === channel);
      expect(publishes[channel]?.versions.map(({ subject }) => subject)).toEqual(
        event?.versions.map(({ subject }) => subject),
      );
    }
  });

  it("handles what the contract says it receives, each version on a durable of its own", async () => {
    const { handles } = await descriptor();
    expect(Object.keys(handles).sort()).toEqual(service.handles.map(({ channel }) => channel));
    for (const { channel, durables } of service.handles) {
      expect(handles[channel]?.durables.map(({ name }) => name)).toEqual(durables.map(({ name }) => name));
    }
  });

  it("has a durable in the topology for each, with 30 s and five attempts", () => {
    const wanted = service.handles.flatMap(({ durables }) => durables.map(({ name }) => name)).sort();
    const there = topology.consumers.filter((consumer) => consumer.service === service.name);
    expect(there.map(({ durable }) => durable).sort()).toEqual(wanted);
    for (const consumer of there) expect(consumer).toMatchObject({ ackWaitMs: 30_000, maxAttempts: 5 });
  });

  it("has a handler for each, in its own file", async () => {
    const source = await readFile(new URL(`../services/${service.name}/handlers.ts`, import.meta.url), "utf8");
    for (const { channel } of service.handles) expect(source).toMatch(new RegExp(`\\b${channel}\\(`));
  });
});

describe("streams", () => {
  it("hold exactly the subjects that are published, the dead letters and their replays", () => {
    const published = model.events.flatMap(({ versions }) => versions.map(({ subject }) => subject)).sort();
    const held = topology.streams.flatMap(({ subjects }) => subjects).sort();
    const replays = topology.consumers.map(({ replaySubject }) => replaySubject).sort();
    expect(held.filter((subject) => subject.startsWith("replay."))).toEqual(replays);
    expect(held.filter((subject) => !/^(dead|replay)\./.test(subject))).toEqual(published);
    const letters = model.services.map(({ name }) => `dead.${name}.*.*`).sort();
    expect(held.filter((subject) => subject.startsWith("dead."))).toEqual(letters);
  });
});
