import type { Dashboard } from "./dashboard.ts";

/** Events on their way: what is published and handled, what waits, what failed. */
export const FLOW: Dashboard = {
  uid: "tandem-flow",
  title: "Tandem: the flow of events",
  says: "What services publish and handle, what waits between them, and what they gave up.",
  servicesOf: "tandem_outbox_rows",
  sections: [
    {
      title: "Now",
      rows: [
        [
          {
            title: "Oldest event to be published",
            says: "Age of the oldest row in an outbox. Above 30 s somebody is told; at 60 s the door closes.",
            ...{ shows: "number", unit: "s", wrongFrom: 30 },
            queries: [{ expr: 'max(tandem_outbox_oldest_age_seconds{service=~"$service"})', legend: "" }],
          },
          {
            title: "Messages to be delivered",
            says: "Messages that no durable has delivered yet, over all services.",
            ...{ shows: "number", unit: "short", wrongFrom: 1_000 },
            queries: [{ expr: "sum(max by (stream, durable) (tandem_steward_durable_pending))", legend: "" }],
          },
          {
            title: "Open dead letters",
            says: "Dead letters that nobody replayed or discarded yet.",
            ...{ shows: "number", unit: "short", wrongFrom: 1 },
            queries: [
              {
                expr: 'sum(max by (service, channel, version) (tandem_steward_open_dead_letters{service=~"$service"})) or vector(0)',
                legend: "",
              },
            ],
          },
          {
            title: "Waiting for their key",
            says: "Events that wait for another of their key, where the contract asks for order.",
            ...{ shows: "number", unit: "short", wrongFrom: 1 },
            queries: [
              {
                expr: 'sum(max by (service, event) (tandem_steward_parked_events{service=~"$service"})) or vector(0)',
                legend: "",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "Rates and latency",
      rows: [
        [
          {
            title: "Published",
            says: "Events that reached their stream, by version.",
            ...{ shows: "graph", unit: "reqps" },
            queries: [
              {
                expr: 'sum by (event, version) (rate(tandem_events_total{service=~"$service", direction="out", outcome="published"}[$__rate_interval]))',
                legend: "{{event}} v{{version}}",
              },
            ],
          },
          {
            title: "Applied",
            says: "Events that had their effect, by who handled them.",
            ...{ shows: "graph", unit: "reqps" },
            queries: [
              {
                expr: 'sum by (service, event) (rate(tandem_events_total{service=~"$service", direction="in", outcome="applied"}[$__rate_interval]))',
                legend: "{{service}}: {{event}}",
              },
            ],
          },
        ],
        [
          {
            title: "Runs of handlers, 99 of 100 are quicker",
            says: "One run with its transaction. What it waits for is a lock, a statement or a call.",
            ...{ shows: "graph", unit: "s" },
            queries: [
              {
                expr: 'histogram_quantile(0.99, sum by (service, event, version, le) (rate(tandem_handler_seconds_bucket{service=~"$service"}[$__rate_interval])))',
                legend: "{{service}}: {{event}} v{{version}}",
              },
            ],
          },
          {
            title: "Runs of handlers, half are quicker",
            says: "The median of the same.",
            ...{ shows: "graph", unit: "s" },
            queries: [
              {
                expr: 'histogram_quantile(0.5, sum by (service, event, version, le) (rate(tandem_handler_seconds_bucket{service=~"$service"}[$__rate_interval])))',
                legend: "{{service}}: {{event}} v{{version}}",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "What waits",
      rows: [
        [
          {
            title: "Outboxes",
            says: "Rows that are not on their stream yet; refused ones are tried again later.",
            ...{ shows: "graph", unit: "short" },
            queries: [
              { expr: 'max by (service) (tandem_outbox_rows{service=~"$service"})', legend: "{{service}}" },
              {
                expr: 'max by (service) (tandem_outbox_refused_rows{service=~"$service"})',
                legend: "{{service}} refused",
              },
            ],
          },
          {
            title: "Age of the oldest row",
            says: "Of each outbox.",
            ...{ shows: "graph", unit: "s", wrongFrom: 30 },
            queries: [
              {
                expr: 'max by (service) (tandem_outbox_oldest_age_seconds{service=~"$service"})',
                legend: "{{service}}",
              },
            ],
          },
        ],
        [
          {
            title: "To be delivered",
            says: "Messages of each durable that were not delivered yet. A line that never falls is a consumer that stands.",
            ...{ shows: "graph", unit: "short" },
            queries: [{ expr: "max by (durable) (tandem_steward_durable_pending)", legend: "{{durable}}" }],
          },
          {
            title: "In hand",
            says: "Messages that were delivered and not settled.",
            ...{ shows: "graph", unit: "short" },
            queries: [{ expr: "max by (durable) (tandem_steward_durable_ack_pending)", legend: "{{durable}}" }],
          },
        ],
        [
          {
            title: "Readers",
            says: "Whether any process reads a version of an event, or waits for its durable or its server.",
            ...{ shows: "states", unit: "short", states: { 0: "waits", 1: "reads" } },
            queries: [
              {
                expr: 'max by (service, event, version) (tandem_reading{service=~"$service"})',
                legend: "{{service}}: {{event}} v{{version}}",
              },
            ],
          },
          {
            title: "Paused for an outage",
            says: "Versions whose durable is paused, because something that their handler needs is down.",
            ...{ shows: "states", unit: "short", wrongFrom: 1, states: { 0: "reads", 1: "paused" } },
            queries: [
              {
                expr: 'max by (service, event, version) (tandem_paused{service=~"$service"})',
                legend: "{{service}}: {{event}} v{{version}}",
              },
            ],
          },
        ],
      ],
    },
    {
      title: "What failed",
      rows: [
        [
          {
            title: "Not at the first try",
            says: "Deliveries that were tried again, held for an outage, or came twice (and had their effect once).",
            ...{ shows: "graph", unit: "reqps" },
            queries: [
              {
                expr: 'sum by (service, event, outcome) (rate(tandem_events_total{service=~"$service", direction="in", outcome=~"retried|held|duplicate"}[$__rate_interval])) > 0',
                legend: "{{service}}: {{event}} {{outcome}}",
              },
            ],
          },
          {
            title: "Delivered more than once",
            says: "Messages of each durable that came again and are not settled.",
            ...{ shows: "graph", unit: "short" },
            queries: [{ expr: "max by (durable) (tandem_steward_durable_redelivered)", legend: "{{durable}}" }],
          },
        ],
        [
          {
            title: "Given up",
            says: "New dead letters in five minutes, by the code of docs/errors.md.",
            ...{ shows: "graph", unit: "short" },
            queries: [
              {
                expr: 'sum by (service, event, code) (increase(tandem_dead_letters_total{service=~"$service"}[5m])) > 0',
                legend: "{{service}}: {{event}} {{code}}",
              },
            ],
          },
          {
            title: "Open dead letters",
            says: "Until somebody replays or discards them.",
            ...{ shows: "graph", unit: "short", wrongFrom: 1 },
            queries: [
              {
                expr: 'max by (service, channel, version) (tandem_steward_open_dead_letters{service=~"$service"})',
                legend: "{{service}}: {{channel}} {{version}}",
              },
            ],
          },
        ],
      ],
    },
  ],
};
