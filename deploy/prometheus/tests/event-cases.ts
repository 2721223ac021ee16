import type { AlertCase } from "./alert-case.ts";

const DURABLE = '{stream="ORDERS", durable="inventory-orderCreated-v1", instance="steward:3000", job="steward"}';
const PENDING = `tandem_steward_durable_pending${DURABLE}`;
const PAUSED = `tandem_steward_durable_paused_until_seconds${DURABLE}`;
const LABELS = { stream: "ORDERS", durable: "inventory-orderCreated-v1", instance: "steward:3000", job: "steward" };
const READS = (version: number) =>
  `tandem_reading{service="inventory", event="orders.created", version="${version}", instance="inventory:3000"}`;
const EVENTS = (version: number, direction: "in" | "out", outcome: string) =>
  `tandem_events_total{service="order", event="orders.created", version="${version}", direction="${direction}", outcome="${outcome}"}`;
const RUN = (le: string) =>
  `tandem_handler_seconds_bucket{service="inventory", event="orders.created", version="1", le="${le}"}`;
const LETTERS = 'tandem_dead_letters_total{service="inventory", event="orders.created", version="1", code="PERMANENT"}';
const GIVEN_UP = { service: "inventory", event: "orders.created", code: "PERMANENT" };

/** Publishing. */
const PUBLISHING: readonly AlertCase[] = [
  {
    alert: "OutboxOld",
    fires: { 'tandem_outbox_oldest_age_seconds{service="order", instance="order:3000"}': "0+60x10" },
    calm: { 'tandem_outbox_oldest_age_seconds{service="order", instance="order:3000"}': "0 45 0 45 0 45 0" },
    at: "5m",
    labels: { service: "order" },
    summary: "An event of order has waited for 5m 0s to be published",
  },
  {
    alert: "OutboxOld",
    fires: { 'tandem_steward_outbox_oldest_age_seconds{service="order", instance="steward:3000"}': "0+60x10" },
    calm: { 'tandem_steward_outbox_oldest_age_seconds{service="order", instance="steward:3000"}': "2x10" },
    at: "4m",
    labels: { service: "order" },
    summary: "An event of order has waited for 4m 0s to be published",
  },
  {
    alert: "OutboxRefused",
    fires: { 'tandem_outbox_refused_rows{service="order", instance="order:3000"}': "2x10" },
    calm: { 'tandem_outbox_refused_rows{service="order", instance="order:3000"}': "2x3 0x10" },
    at: "8m",
    labels: { service: "order" },
    summary: "The broker refuses 2 events of order",
  },
  {
    alert: "VersionSilent",
    fires: {
      [READS(1)]: "1x60",
      [READS(2)]: "1x60",
      [EVENTS(1, "out", "published")]: "7x60",
      [EVENTS(2, "out", "published")]: "0+10x60",
    },
    calm: {
      [READS(1)]: "1x60",
      [READS(2)]: "1x60",
      [EVENTS(1, "out", "published")]: "0+10x60",
      [EVENTS(2, "out", "published")]: "0+10x60",
    },
    at: "40m",
    labels: { event: "orders.created", version: "1" },
    summary: "orders.created is published, and its version 1, which somebody reads, is not",
  },
  {
    alert: "EventsUnrepresentable",
    fires: { 'tandem_unrepresentable_total{service="order", event="orders.created", version="1"}': "_x20 1x10" },
    calm: { 'tandem_unrepresentable_total{service="order", event="orders.created", version="1"}': "1x40" },
    at: "25m",
    labels: { event: "orders.created", version: "1" },
    summary: "Version 1 of orders.created could not say some events",
  },
];

/** Consuming. */
const CONSUMING: readonly AlertCase[] = [
  {
    alert: "ReaderStopped",
    fires: { [READS(1)]: "0x10" },
    calm: { [READS(1)]: "0x10", [READS(1).replace("inventory:3000", "other:3000")]: "1x10" },
    at: "8m",
    labels: { service: "inventory", event: "orders.created", version: "1" },
    summary: "No process of inventory reads orders.created v1",
  },
  {
    alert: "ConsumerStuck",
    fires: { [PENDING]: "5+1x40", [PAUSED]: "0x40" },
    calm: { [PENDING]: "9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8 9 8", [PAUSED]: "0x40" },
    at: "20m",
    labels: LABELS,
    summary: "Nothing was taken from inventory-orderCreated-v1 for 10 minutes, and at least 15 messages wait",
  },
  {
    alert: "ConsumerStuck",
    fires: { [PENDING]: "3x40", [PAUSED]: "0x40" },
    calm: { [PENDING]: "3x40", [PAUSED]: "1700000000x40" },
    at: "20m",
    labels: LABELS,
    summary: "Nothing was taken from inventory-orderCreated-v1 for 10 minutes, and at least 3 messages wait",
  },
  {
    alert: "ConsumerBehind",
    fires: { [PENDING]: "1000+50x40" },
    calm: { [PENDING]: "5000-50x40" },
    at: "20m",
    labels: LABELS,
    summary: "inventory-orderCreated-v1 falls behind: 2000 messages wait, and they become more",
  },
  {
    alert: "MessagesExhausted",
    fires: { [`tandem_steward_durable_exhausted${DURABLE}`]: "1x20" },
    calm: { [`tandem_steward_durable_exhausted${DURABLE}`]: "1x5 0 1x14" },
    at: "14m",
    labels: { stream: "ORDERS", durable: "inventory-orderCreated-v1" },
    summary: "Messages of inventory-orderCreated-v1 may have used up their deliveries, and nobody has them in hand",
  },
  {
    alert: "HandlerSlow",
    fires: { [RUN("5")]: "0+10x40", [RUN("10")]: "0+20x40", [RUN("+Inf")]: "0+20x40" },
    calm: { [RUN("5")]: "0+20x40", [RUN("10")]: "0+20x40", [RUN("+Inf")]: "0+20x40" },
    at: "30m",
    labels: { service: "inventory", event: "orders.created", version: "1" },
    summary: "One run of a hundred of inventory for orders.created v1 takes longer than 9.9s",
  },
  {
    alert: "HandlerRetries",
    fires: { [EVENTS(1, "in", "applied")]: "0+6x40", [EVENTS(1, "in", "retried")]: "0+2x40" },
    calm: { [EVENTS(1, "in", "applied")]: "0+99x40", [EVENTS(1, "in", "retried")]: "0+1x40" },
    at: "30m",
    labels: { service: "order", event: "orders.created" },
    summary: "25% of the deliveries of orders.created to order are tried again",
  },
  {
    alert: "BreakerOpen",
    fires: { 'tandem_dependency_state{service="payment", dependency="gateway"}': "2 2 1 2 2 1 2 2 1 2 2 1 2 2 1 2" },
    calm: { 'tandem_dependency_state{service="payment", dependency="gateway"}': "2 2 1 2 2 1 0 2 2 1 2 2 1 2 2 1" },
    at: "12m",
    labels: { service: "payment", dependency: "gateway" },
    summary: "payment has waited for gateway for 10 minutes",
  },
  {
    alert: "ParkedOld",
    fires: { 'tandem_steward_parked_oldest_age_seconds{service="inventory", event="orders.created"}': "0+60x40" },
    calm: { 'tandem_steward_parked_oldest_age_seconds{service="inventory", event="orders.created"}': "60x40" },
    at: "30m",
    labels: { service: "inventory", event: "orders.created" },
    summary: "inventory has kept an event orders.created for 30m 0s: one of its key has to come first",
  },
  {
    alert: "DeadLettersNew",
    fires: { [LETTERS]: "_x20 1x10" },
    calm: { [LETTERS]: "1x40" },
    at: "25m",
    labels: GIVEN_UP,
    summary: "inventory gave up messages of orders.created: PERMANENT",
  },
  {
    alert: "DeadLettersNew",
    fires: { [LETTERS]: "1x20 4x10" },
    calm: { [LETTERS]: "4x40" },
    at: "25m",
    labels: GIVEN_UP,
    summary: "inventory gave up messages of orders.created: PERMANENT",
  },
  {
    alert: "DeadLettersOpen",
    fires: { 'tandem_steward_open_dead_letters{service="inventory", channel="orderCreated", version="v1"}': "2x300" },
    calm: {
      'tandem_steward_open_dead_letters{service="inventory", channel="orderCreated", version="v1"}': "2x200 0 2x99",
    },
    at: "5h",
    labels: { service: "inventory", channel: "orderCreated", version: "v1" },
    summary: "For 4 hours nobody has acted on dead letters of inventory: 2 of orderCreated v1",
  },
];

/** Events on their way. */
export const EVENT_CASES: readonly AlertCase[] = [...PUBLISHING, ...CONSUMING];
