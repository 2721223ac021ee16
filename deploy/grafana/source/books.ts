import type { Dashboard } from "./dashboard.ts";

/** Whether the books balance: what verification and the steward find. */
export const BOOKS: Dashboard = {
  uid: "tandem-books",
  title: "Tandem: the books",
  says: "Whether nothing was lost, doubled or left undone: the invariants of docs/verify.md, and what the steward mends.",
  sections: [
    {
      title: "Verification",
      rows: [
        [
          {
            title: "Violations",
            says: "What is not as it must be. `npm run ops -- verify` shows the evidence.",
            ...{ shows: "number", unit: "short", wrongFrom: 1 },
            queries: [{ expr: "sum(max by (invariant, by) (tandem_verify_violations))", legend: "" }],
          },
          {
            title: "Judged",
            says: "At the last look. 0 says nothing.",
            ...{ shows: "number", unit: "short" },
            queries: [{ expr: "sum(max by (invariant, by) (tandem_verify_checked))", legend: "" }],
          },
          {
            title: "Last look",
            says: "When the books were last looked at.",
            ...{ shows: "number", unit: "dateTimeFromNow" },
            queries: [{ expr: "max(tandem_verify_last_run_timestamp_seconds) * 1000", legend: "" }],
          },
        ],
        [
          {
            title: "Violations by invariant",
            says: "Its number is explained in docs/verify.md.",
            ...{ shows: "graph", unit: "short", wrongFrom: 1 },
            queries: [{ expr: "max by (invariant, by) (tandem_verify_violations)", legend: "{{invariant}} ({{by}})" }],
          },
          {
            title: "Not settled yet",
            says: "In flight: may yet come to hold. A line that stays is a message that stands still.",
            ...{ shows: "graph", unit: "short" },
            queries: [{ expr: "max by (invariant, by) (tandem_verify_in_flight)", legend: "{{invariant}} ({{by}})" }],
          },
          {
            title: "Cannot be told any more",
            says: "Streams or history may have let go of what would tell.",
            ...{ shows: "graph", unit: "short" },
            queries: [{ expr: "max by (invariant, by) (tandem_verify_not_judged)", legend: "{{invariant}} ({{by}})" }],
          },
        ],
      ],
    },
    {
      title: "The steward",
      rows: [
        [
          {
            title: "Lost and published again",
            says: "In an hour. The broker had lost what it had acknowledged.",
            ...{ shows: "graph", unit: "short", wrongFrom: 1 },
            queries: [
              { expr: "sum by (stream) (increase(tandem_steward_mended_total[1h]))", legend: "{{stream}}" },
              { expr: "max by (stream) (tandem_steward_missing_messages)", legend: "{{stream}} still missing" },
            ],
          },
          {
            title: "Published by nobody",
            says: "Messages on a stream that no service committed.",
            ...{ shows: "graph", unit: "short", wrongFrom: 1 },
            queries: [{ expr: "max by (subject) (tandem_steward_ghost_messages)", legend: "{{subject}}" }],
          },
        ],
        [
          {
            title: "Given up by the server",
            says: "In an hour, by what became of them.",
            ...{ shows: "graph", unit: "short" },
            queries: [
              { expr: "sum by (outcome) (increase(tandem_steward_advisories_total[1h]))", legend: "{{outcome}}" },
            ],
          },
          {
            title: "Time since its last work",
            says: "Retention and a full walk are due once an hour.",
            ...{ shows: "graph", unit: "s", wrongFrom: 7_200 },
            queries: [
              { expr: "time() - max by (part) (tandem_steward_last_run_timestamp_seconds)", legend: "{{part}}" },
            ],
          },
        ],
      ],
    },
  ],
};
