/** The services of the system, each on the release that it was rolled to. */
import { setTimeout as delay } from "node:timers/promises";
import type { RunningService } from "../../system/ready.ts";
import type { System } from "../../system/system.ts";
import type { Release } from "./release.ts";

const POLL_MS = 20;

/** How long a roll may wait for what is under way, milliseconds. */
const LIMIT_MS = 20_000;

export interface Fleet {
  /** The public door at this moment. */
  readonly url: () => string;
  /**
   * Replaces a service without a gap: the new process is ready before the old one is told to stop.
   *
   * @throws when the new one does not become ready, or the old one does not end with exit code 0
   */
  roll(service: string, release: Release): Promise<void>;
  /** Waits until nothing that the service committed before the call is still to be published. */
  published(service: string): Promise<void>;
}

export function fleetOf({ services, startReplica }: System): Fleet {
  const running = new Map(Object.entries(services));
  const find = (name: string): RunningService => {
    const service = running.get(name);
    if (!service) throw new Error(`The system has no service "${name}".`);
    return service;
  };
  return {
    url: () => find("order").url,
    async roll(name, { root }) {
      const old = find(name);
      running.set(name, await startReplica(name, root));
      const { code, signal } = await old.process.stop();
      if (code === 0) return;
      throw new Error(
        `${name} was told to stop and ended with ${signal ?? `exit code ${code}`}:\n${old.process.tail().join("\n")}`,
      );
    },
    async published(name) {
      const { url } = find(name);
      const since = Date.now();
      // The age is that of this scrape or of the one before, so it is held against the one before.
      for (let lastScrape = since; ;) {
        const scrape = Date.now();
        const age = await oldestOutboxRow(url);
        if (age < lastScrape - since) return;
        if (scrape - since > LIMIT_MS)
          throw new Error(`${name} has had something to publish for ${Math.round(age / 1_000)} s.`);
        lastScrape = scrape;
        await delay(POLL_MS);
      }
    },
  };
}

/** The age of the oldest row that waits, milliseconds; 0 when none does. */
async function oldestOutboxRow(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const [, age] = /^tandem_outbox_oldest_age_seconds(?:\{[^}]*\})? ([\d.e-]+)$/m.exec(text) ?? [];
  if (age === undefined) throw new Error(`${url}/metrics does not say how old the outbox is.`);
  return Number(age) * 1_000;
}
