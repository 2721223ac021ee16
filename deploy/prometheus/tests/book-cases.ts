import type { AlertCase } from "./alert-case.ts";

const OF_STEWARD = 'instance="steward:3000", job="steward"';

/** What the steward and the verification find. */
export const BOOK_CASES: readonly AlertCase[] = [
  {
    alert: "MessagesLost",
    fires: { [`tandem_steward_mended_total{stream="ORDERS", ${OF_STEWARD}}`]: "0x10 3x20" },
    calm: { [`tandem_steward_mended_total{stream="ORDERS", ${OF_STEWARD}}`]: "3x30" },
    at: "20m",
    labels: { stream: "ORDERS" },
    summary: "ORDERS had lost messages that were acknowledged",
  },
  {
    alert: "MessagesLost",
    fires: { [`tandem_steward_missing_messages{stream="ORDERS", ${OF_STEWARD}}`]: "1x10" },
    calm: { [`tandem_steward_missing_messages{stream="ORDERS", ${OF_STEWARD}}`]: "0x10" },
    at: "5m",
    labels: { stream: "ORDERS" },
    summary: "ORDERS had lost messages that were acknowledged",
  },
  {
    alert: "GhostMessages",
    fires: { [`tandem_steward_ghost_messages{stream="ORDERS", subject="orders.created.v1", ${OF_STEWARD}}`]: "2x10" },
    calm: { [`tandem_steward_ghost_messages{stream="ORDERS", subject="orders.created.v1", ${OF_STEWARD}}`]: "0x10" },
    at: "8m",
    labels: { stream: "ORDERS", subject: "orders.created.v1" },
    summary: "2 messages on orders.created.v1 were published by no service",
  },
  {
    // Time begins at 0 in a trial, and so does what was last done.
    alert: "StewardIdle",
    fires: { [`tandem_steward_last_run_timestamp_seconds{part="retention", ${OF_STEWARD}}`]: "60x200" },
    calm: { [`tandem_steward_last_run_timestamp_seconds{part="retention", ${OF_STEWARD}}`]: "0+60x200" },
    at: "181m",
    labels: { part: "retention" },
    summary: "The retention of the steward has not done its work for 3h 0m 0s",
  },
  {
    alert: "BooksWrong",
    fires: { 'tandem_verify_violations{invariant="I7", by="tandem"}': "1x10" },
    calm: { 'tandem_verify_violations{invariant="I7", by="tandem"}': "0x10" },
    at: "5m",
    labels: { invariant: "I7", by: "tandem" },
    summary: "I7 (tandem) does not hold: 1 violations",
  },
  {
    alert: "BooksWrong",
    fires: { 'tandem_verify_violations{invariant="I3", by="inventory"}': "2x10" },
    calm: { 'tandem_verify_violations{invariant="I2", by="order"}': "2x10" },
    at: "5m",
    labels: { invariant: "I3", by: "inventory" },
    summary: "I3 (inventory) does not hold: 2 violations",
  },
  {
    alert: "DeadlinesMissed",
    fires: { 'tandem_verify_violations{invariant="I2", by="order"}': "3x10" },
    calm: { 'tandem_verify_violations{invariant="I2", by="order"}': "0x10" },
    at: "5m",
    labels: { by: "order" },
    summary: "3 orders of order were not decided by their deadline, or more than once",
  },
  {
    alert: "VerifyIdle",
    fires: { tandem_verify_last_run_timestamp_seconds: "60x60" },
    calm: { tandem_verify_last_run_timestamp_seconds: "0+60x60" },
    at: "41m",
    labels: {},
    summary: "The books have not been looked at for 40m 0s",
  },
];
