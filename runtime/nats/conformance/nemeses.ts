/**
 * What holds whatever is done to the servers: nothing that was acknowledged is lost, nothing is stored twice, nothing
 * appears that nobody wrote, and it goes on. After the tests that Jepsen made for NATS, as far as one machine goes:
 * kill -9 is not a power cut, and all nodes share one clock and one loopback interface.
 */
import { describe, expect, it, onTestFinished } from "vitest";
import type { NatsServer } from "../../../lab/servers/nats-server.ts";
import { existing } from "../tests/fixtures.ts";
import { leadersApart } from "./leaders.ts";
import { NO_LOSSES, startLoad, type Load } from "./load.ts";
import { eventually, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** Several elections in a row. */
const TIMEOUT = { timeout: 120_000 };

/** Sends a signal that does not end it; a test that fails meanwhile leaves no frozen server behind. */
function freeze(node: NatsServer): { thaw(): void } {
  const thaw = (): void => void process.kill(node.pid, "SIGCONT");
  onTestFinished(thaw);
  process.kill(node.pid, "SIGSTOP");
  return { thaw };
}

const isAt = (node: NatsServer) => (broker: Load["brokers"][number]) =>
  broker.state.kind === "connected" && broker.state.server.endsWith(`:${node.port}`);

/** Faults that a server alone recovers from as a cluster does. */
export function describeNemeses(servers: ServerFixture): void {
  const rig = rigFor(servers);
  const load = async () => startLoad(rig, await rig.durable({ ackWaitMs: 2_000 }), servers.urls);

  describe("nothing is lost and nothing stored twice", () => {
    it("when all servers are killed, again and again", TIMEOUT, async () => {
      const running = await load();
      const outages = servers.nodes.length === 1 ? 4 : 1;
      for (let outage = 0; outage < outages; outage += 1) {
        await running.progresses();
        await Promise.all(servers.nodes.map((node) => node.kill()));
        await Promise.all(servers.nodes.map((node) => node.restart()));
      }
      await running.progresses();
      await servers.ready();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });

    it("when each server is shut down and started again in turn", TIMEOUT, async () => {
      const running = await load();
      for (const node of servers.nodes) {
        await running.progresses();
        await node.restart();
        await servers.ready();
      }
      await running.progresses();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });

    it("when a server freezes and thaws", TIMEOUT, async () => {
      const running = await load();
      await running.progresses();
      const frozen = existing(servers.nodes.find((node) => running.brokers.some(isAt(node))));
      const { thaw } = freeze(frozen);
      await eventually(() => !running.brokers.some(isAt(frozen)));
      // The others go on without it.
      if (servers.nodes.length > 1) await running.progresses();
      thaw();
      await running.progresses();
      await servers.ready();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });
  });
}

/** Faults of one node of several, and of the one that leads in particular. */
export function describeLeaderNemeses(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("nothing is lost, nothing stored twice, and it goes on without the dead", () => {
    it.each([
      ["the durable", "ofDurable"],
      ["neither the stream nor the durable", "neither"],
    ] as const)("when the node that leads %s is killed", TIMEOUT, async (_, role) => {
      const at = await rig.durable({ ackWaitMs: 2_000 });
      const victim = (await leadersApart(servers, at))[role];
      // Elsewhere nobody is told by a broken connection that something is wrong.
      const running = startLoad(
        rig,
        at,
        servers.nodes.flatMap((node) => (node === victim ? [] : node.url)),
      );
      await running.progresses();
      await victim.kill();
      await running.progresses();
      await victim.restart();
      await servers.ready();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });

    it("when the node that leads the stream, and that everybody is connected to, is killed", TIMEOUT, async () => {
      const at = await rig.durable({ ackWaitMs: 2_000 });
      const { ofStream } = await leadersApart(servers, at);
      const running = startLoad(rig, at, [ofStream.url]);
      await running.progresses();
      await ofStream.kill();
      await running.progresses();
      await ofStream.restart();
      await servers.ready();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });

    it("when each node announces its end, is left by its clients, and comes back", TIMEOUT, async () => {
      const running = startLoad(rig, await rig.durable({ ackWaitMs: 2_000 }), servers.urls);
      for (const node of servers.nodes) {
        await running.progresses();
        process.kill(node.pid, "SIGUSR2");
        await eventually(() => !running.brokers.some(isAt(node)));
        await running.progresses();
        // Nobody is there any more: it need not take the minutes that it gives its clients.
        await node.kill();
        await node.restart();
        await servers.ready();
      }
      await running.progresses();
      expect(await running.losses()).toEqual(NO_LOSSES);
    });
  });
}
