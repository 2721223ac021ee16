import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { leadersApart } from "../../runtime/nats/conformance/leaders.ts";
import { NO_LOSSES, startLoad } from "../../runtime/nats/conformance/load.ts";
import { rigFor } from "../../runtime/nats/conformance/rig.ts";
import type { ServerFixture } from "../../runtime/nats/conformance/server-fixture.ts";
import { testcontainersProblem } from "./engine.ts";
import { startNatsContainerCluster, type NatsContainerCluster } from "./nats-container-cluster.ts";
import type { AnyNatsServer } from "./nats-container.ts";

const PATIENT = { timeout: 180_000 };
const problem = await testcontainersProblem();
const whyNot = problem === undefined ? "" : ` (did not run: ${problem})`;

describe.skipIf(problem !== undefined)(`a cluster of three containers${whyNot}`, () => {
  let cluster: NatsContainerCluster;
  let servers: ServerFixture<AnyNatsServer>;

  beforeAll(async () => {
    cluster = await startNatsContainerCluster();
    servers = { nodes: cluster.nodes, urls: cluster.urls, replicas: 3, ready: () => cluster.ready() };
  }, 300_000);
  afterAll(() => cluster?.stop());

  it.each([
    ["the stream", "ofStream"],
    ["the durable", "ofDurable"],
    ["nothing", "neither"],
  ] as const)(
    "loses nothing and stores nothing twice when the node that leads %s is killed",
    PATIENT,
    async (_, role) => {
      const rig = rigFor(servers);
      const at = await rig.durable({ ackWaitMs: 2_000 });
      const victim = (await leadersApart(servers, at))[role];
      const running = startLoad(rig, at, servers.urls);
      await running.progresses();
      await victim.kill();
      await expect(fetch(victim.monitoringUrl)).rejects.toThrow("fetch failed");
      // The other two go on without it.
      await running.progresses();
      await victim.restart();
      await servers.ready();
      expect(await running.losses()).toEqual(NO_LOSSES);
    },
  );
});
