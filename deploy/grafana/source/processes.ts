import type { Dashboard } from "./dashboard.ts";

/** The processes: the door, the event loop, connections, breakers. */
export const PROCESSES: Dashboard = {
  uid: "tandem-processes",
  title: "Tandem: processes",
  says: "Whether processes are well: their door, their event loop, their connections, and what they depend on.",
  servicesOf: "tandem_nats_connected",
  sections: [
    {
      title: "Are they there",
      rows: [
        [
          {
            title: "Answers at /metrics",
            says: "What Prometheus reads, and whether it answers.",
            ...{ shows: "states", unit: "short", states: { 0: "down", 1: "up" } },
            queries: [{ expr: "max by (instance) (up)", legend: "{{instance}}" }],
          },
          {
            title: "Connected to NATS",
            says: "Whether each process has a connection.",
            ...{ shows: "states", unit: "short", states: { 0: "no", 1: "yes" } },
            queries: [
              { expr: 'max by (instance) (tandem_nats_connected{service=~"$service"})', legend: "{{instance}}" },
              { expr: "max by (instance) (tandem_steward_nats_connected)", legend: "{{instance}}" },
            ],
          },
          {
            title: "NATS servers",
            says: "Whether each runs and has all of every stream that it stores, as the leaders see it.",
            ...{ shows: "states", unit: "short", states: { 0: "away or behind", 1: "there" } },
            queries: [{ expr: "min by (server) (tandem_steward_stream_peer_current)", legend: "{{server}}" }],
          },
          {
            title: "Dependencies",
            says: "The breaker of each, in the process where it is furthest open.",
            ...{ shows: "states", unit: "short", wrongFrom: 1, states: { 0: "closed", 1: "half open", 2: "open" } },
            queries: [
              {
                expr: 'max by (service, dependency) (tandem_dependency_state{service=~"$service"})',
                legend: "{{service}}: {{dependency}}",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "The door",
      rows: [
        [
          {
            title: "Requests",
            says: "For the services' own routes, by what was answered.",
            ...{ shows: "graph", unit: "reqps" },
            queries: [
              {
                expr: 'sum by (service, method, status) (rate(tandem_http_seconds_count{service=~"$service"}[$__rate_interval]))',
                legend: "{{service}} {{method}} {{status}}",
              },
            ],
          },
          {
            title: "Time to answer",
            says: "99 of 100 and half of the requests are quicker.",
            ...{ shows: "graph", unit: "s", wrongFrom: 1 },
            queries: [
              {
                expr: 'histogram_quantile(0.99, sum by (service, le) (rate(tandem_http_seconds_bucket{service=~"$service"}[$__rate_interval])))',
                legend: "{{service}} 99%",
              },
              {
                expr: 'histogram_quantile(0.5, sum by (service, le) (rate(tandem_http_seconds_bucket{service=~"$service"}[$__rate_interval])))',
                legend: "{{service}} 50%",
              },
            ],
          },
          {
            title: "Refused",
            says: "Requests that no route saw, by why (docs/http.md).",
            ...{ shows: "graph", unit: "reqps" },
            queries: [
              {
                expr: 'sum by (service, reason) (rate(tandem_http_refused_total{service=~"$service"}[$__rate_interval]))',
                legend: "{{service}} {{reason}}",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "Connections to PostgreSQL",
      rows: [
        [
          {
            title: "In use",
            says: "Of handlers, routes and jobs (work), and of the relay and health (background).",
            ...{ shows: "graph", unit: "short" },
            queries: [
              {
                expr: 'max by (instance, pool) (tandem_database_connections{service=~"$service", state="used"})',
                legend: "{{instance}} {{pool}}",
              },
            ],
          },
          {
            title: "Waiting for one",
            says: "Above 0 for long, the pool is too small, or a statement too slow.",
            ...{ shows: "graph", unit: "short", wrongFrom: 1 },
            queries: [
              {
                expr: 'max by (instance, pool) (tandem_database_waiting{service=~"$service"})',
                legend: "{{instance}} {{pool}}",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "Node",
      rows: [
        [
          {
            title: "Lag of the event loop",
            says: "By how much one timer of a hundred is late.",
            ...{ shows: "graph", unit: "s", wrongFrom: 0.25 },
            queries: [{ expr: "max by (instance) (nodejs_eventloop_lag_p99_seconds)", legend: "{{instance}}" }],
          },
          {
            title: "Processor",
            says: "1 is a whole one.",
            ...{ shows: "graph", unit: "percentunit" },
            queries: [
              { expr: "sum by (instance) (rate(process_cpu_seconds_total[$__rate_interval]))", legend: "{{instance}}" },
            ],
          },
          {
            title: "Memory",
            says: "What the machine gave, and what JavaScript holds of it.",
            ...{ shows: "graph", unit: "bytes" },
            queries: [
              { expr: "max by (instance) (process_resident_memory_bytes)", legend: "{{instance}} resident" },
              { expr: "max by (instance) (nodejs_heap_size_used_bytes)", legend: "{{instance}} heap" },
            ],
          },
        ],
        [
          {
            title: "Periodic jobs",
            says: "Runs in five minutes. `deadlines` of order cancels what was not decided in time.",
            ...{ shows: "graph", unit: "short" },
            queries: [
              {
                expr: 'sum by (service, job_name, outcome) (increase(tandem_jobs_total{service=~"$service"}[5m]))',
                legend: "{{service}} {{job_name}} {{outcome}}",
              },
            ],
          },
          {
            title: "Started again",
            says: "How often in an hour.",
            ...{ shows: "graph", unit: "short", wrongFrom: 3 },
            queries: [{ expr: "sum by (instance) (changes(process_start_time_seconds[1h]))", legend: "{{instance}}" }],
          },
        ],
      ],
    },
  ],
};
