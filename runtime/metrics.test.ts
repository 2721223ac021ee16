import { describe, expect, it } from "vitest";
import { createMetrics } from "./metrics.ts";

describe("metrics", () => {
  it("carry the service and the labels that the contract gives", async () => {
    const metrics = createMetrics("order");
    metrics.delivered({ event: "orders.created", version: 1 }, "applied");
    metrics.published({ event: "orders.payable", version: 2 }, "published");
    metrics.handled({ event: "orders.created", version: 1 }, 0.02);
    metrics.deadLettered({ event: "orders.created", version: 1 }, "EVENT_INVALID");
    metrics.unrepresentable({ event: "orders.created", version: 1 });
    metrics.jobRan("sweep", "failed");
    metrics.answered({ method: "POST", status: 202, seconds: 0.02 });
    metrics.answered({ method: "PROPFIND", status: undefined, seconds: 0.02 });
    const text = await metrics.render();
    for (const line of [
      'tandem_events_total{event="orders.created",version="1",direction="in",outcome="applied",service="order"} 1',
      'tandem_events_total{event="orders.payable",version="2",direction="out",outcome="published",service="order"} 1',
      'tandem_handler_seconds_count{event="orders.created",version="1",service="order"} 1',
      'tandem_dead_letters_total{event="orders.created",version="1",code="EVENT_INVALID",service="order"} 1',
      'tandem_unrepresentable_total{event="orders.created",version="1",service="order"} 1',
      'tandem_jobs_total{job_name="sweep",outcome="failed",service="order"} 1',
      'tandem_http_seconds_count{method="POST",status="202",service="order"} 1',
      'tandem_http_seconds_count{method="other",status="none",service="order"} 1',
      'tandem_nats_connected{service="order"} 0',
    ]) {
      expect(text.replaceAll(/\{service="order",([^}]*)\}/g, '{$1,service="order"}')).toContain(line);
    }
    expect(text).toContain("process_cpu_seconds_total");
  });

  it("ask for the gauges when they are read, and keep the last number when there is no answer", async () => {
    const metrics = createMetrics("order");
    let backlog: { rows: number; oldestAgeSeconds: number; refused: number } | undefined = {
      rows: 3,
      oldestAgeSeconds: 1.5,
      refused: 1,
    };
    metrics.observe({
      natsConnected: () => true,
      breakers: () => new Map([["gateway", "half_open"]]),
      pauses: () => [{ event: "orders.created", version: 1, paused: true }],
      parked: async () => [{ event: "orders.created", parked: 3, oldestAgeSeconds: 1 }],
      readers: () => [{ event: "orders.created", version: 1, reading: true }],
      outbox: async () => backlog,
      connections: () => [{ pool: "work", used: 2, idle: 1, waiting: 4 }],
    });
    const numbers = async (): Promise<string[]> =>
      (await metrics.render())
        .split("\n")
        .filter((line) => /^tandem_(outbox|nats|parked|reading|paused|dependency|database)/.test(line))
        .map((line) => line.replaceAll(/\{.*\}/g, ""));
    const expected = [
      "tandem_outbox_rows 3",
      "tandem_outbox_refused_rows 1",
      "tandem_outbox_oldest_age_seconds 1.5",
      "tandem_parked_events 3",
      "tandem_nats_connected 1",
      "tandem_reading 1",
      "tandem_paused 1",
      "tandem_dependency_state 1",
      "tandem_database_connections 2",
      "tandem_database_connections 1",
      "tandem_database_waiting 4",
    ];
    expect(await numbers()).toEqual(expected);
    backlog = undefined;
    expect(await numbers()).toEqual(expected);
  });

  it("look at the connections before a scrape uses some itself", async () => {
    const metrics = createMetrics("order");
    let waiting = 0;
    metrics.observe({
      natsConnected: () => true,
      breakers: () => new Map(),
      pauses: () => [],
      readers: () => [],
      parked: async () => {
        waiting += 1;
        return [];
      },
      outbox: async () => {
        waiting += 1;
        return undefined;
      },
      connections: () => [{ pool: "background", used: 3, idle: 0, waiting }],
    });
    expect(await metrics.render()).toMatch(/^tandem_database_waiting\{.*\} 0$/m);
    expect(await metrics.render()).toMatch(/^tandem_database_waiting\{.*\} 2$/m);
  });
});
