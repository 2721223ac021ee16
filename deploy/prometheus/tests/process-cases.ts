import type { AlertCase } from "./alert-case.ts";

const REQUESTS = (status: string) => `tandem_http_seconds_count{service="order", method="POST", status="${status}"}`;
const UNDER = (le: string) => `tandem_http_seconds_bucket{service="order", method="GET", status="200", le="${le}"}`;
const PEER = (server: string, stream = "ORDERS") =>
  `tandem_steward_stream_peer_current{stream="${stream}", server="${server}", instance="steward:3000", job="steward"}`;

/** Processes and the door. */
export const PROCESS_CASES: readonly AlertCase[] = [
  {
    alert: "ProcessDown",
    fires: { 'up{job="services", instance="order:3000"}': "1 0x5" },
    calm: { 'up{job="services", instance="order:3000"}': "1 0 1x5" },
    at: "4m",
    labels: { job: "services", instance: "order:3000" },
    summary: "order:3000 does not answer at /metrics",
  },
  {
    alert: "StewardDown",
    fires: { 'up{job="steward", instance="steward:3000"}': "0x10" },
    calm: { 'up{job="services", instance="order:3000"}': "0x10" },
    at: "8m",
    labels: { job: "steward", instance: "steward:3000" },
    summary: "No steward looks after the system: steward:3000 does not answer",
  },
  {
    alert: "VerifyDown",
    fires: { 'up{job="verify", instance="verify:3000"}': "0x10" },
    calm: { 'up{job="verify", instance="verify:3000"}': "0 0 1 0 0 0 1 0 0" },
    at: "8m",
    labels: { job: "verify", instance: "verify:3000" },
    summary: "Nobody looks whether the books balance: verify:3000 does not answer",
  },
  {
    alert: "ProcessRestarts",
    fires: { 'process_start_time_seconds{instance="order:3000"}': "1x2 2x2 3x2 4x10" },
    calm: { 'process_start_time_seconds{instance="order:3000"}': "1x2 2x2 3x15" },
    at: "12m",
    labels: { instance: "order:3000" },
    summary: "order:3000 was started 3 times more in 15 minutes",
  },
  {
    alert: "NatsNotConnected",
    fires: { 'tandem_nats_connected{service="order", instance="order:3000"}': "0x10" },
    calm: {
      'tandem_nats_connected{service="order", instance="order:3000"}': "1x10",
      'tandem_steward_nats_connected{instance="steward:3000"}': "1x10",
    },
    at: "5m",
    labels: { instance: "order:3000" },
    summary: "order:3000 has no connection to NATS",
  },
  {
    alert: "NatsNotConnected",
    fires: { 'tandem_steward_nats_connected{instance="steward:3000"}': "0x10" },
    calm: { 'tandem_steward_nats_connected{instance="steward:3000"}': "0 1x10" },
    at: "5m",
    labels: { instance: "steward:3000" },
    summary: "steward:3000 has no connection to NATS",
  },
  {
    alert: "NatsServerAway",
    fires: { [PEER("nats-1")]: "1x10", [PEER("nats-2")]: "1x2 0x10" },
    // Behind at many looks, and at one of three not.
    calm: { [PEER("nats-1")]: "1x10", [PEER("nats-2")]: "0 0 1 0 0 1 0 0 1 0 0 1" },
    at: "8m",
    labels: { server: "nats-2" },
    summary: "The NATS server nats-2 is away or behind: one more, and nothing can be published",
  },
  {
    alert: "NatsServerAway",
    fires: { [PEER("nats-3", "ORDERS")]: "1x10", [PEER("nats-3", "PAYMENTS")]: "0x10" },
    // It was taken out of the cluster.
    calm: { [PEER("nats-1")]: "1x20", [PEER("nats-3")]: "0x2 _x10" },
    at: "8m",
    labels: { server: "nats-3" },
    summary: "The NATS server nats-3 is away or behind: one more, and nothing can be published",
  },
  {
    alert: "EventLoopLag",
    fires: { 'nodejs_eventloop_lag_p99_seconds{instance="order:3000"}': "0.5x10" },
    calm: { 'nodejs_eventloop_lag_p99_seconds{instance="order:3000"}': "0.02x10" },
    at: "8m",
    labels: { instance: "order:3000" },
    summary: "The event loop of order:3000 is 500ms late",
  },
  {
    alert: "DatabasePoolExhausted",
    fires: { 'tandem_database_waiting{instance="order:3000", pool="work"}': "4x10" },
    calm: { 'tandem_database_waiting{instance="order:3000", pool="work"}': "4 0 4 0 4 0 4 0 4 0 4" },
    at: "6m",
    labels: { instance: "order:3000", pool: "work" },
    summary: "4 wait for a connection of the pool work of order:3000",
  },
  {
    alert: "JobFails",
    fires: {
      'tandem_jobs_total{service="order", job_name="deadlines", outcome="done"}': "7x30",
      'tandem_jobs_total{service="order", job_name="deadlines", outcome="failed"}': "0+5x30",
    },
    calm: {
      'tandem_jobs_total{service="order", job_name="deadlines", outcome="done"}': "0+1x30",
      'tandem_jobs_total{service="order", job_name="deadlines", outcome="failed"}': "0+5x30",
    },
    at: "15m",
    labels: { service: "order", job_name: "deadlines" },
    summary: "No run of the job deadlines of order was done in 10 minutes",
  },
  {
    alert: "RequestsFail",
    fires: { [REQUESTS("202")]: "0+95x20", [REQUESTS("500")]: "0+5x20" },
    calm: { [REQUESTS("202")]: "0+95x20", [REQUESTS("503")]: "0+5x20", [REQUESTS("422")]: "0+90x20" },
    at: "15m",
    labels: { service: "order" },
    summary: "5% of the requests to order fail",
  },
  {
    alert: "RequestsRefused",
    fires: { [REQUESTS("202")]: "0+90x20", [REQUESTS("503")]: "0+10x20" },
    calm: { [REQUESTS("202")]: "0+98x20", [REQUESTS("503")]: "0+2x20", [REQUESTS("500")]: "0+50x20" },
    at: "15m",
    labels: { service: "order" },
    summary: "10% of the requests to order are answered 503",
  },
  {
    alert: "RequestsSlow",
    fires: { [UNDER("1")]: "0+50x30", [UNDER("2.5")]: "0+100x30", [UNDER("+Inf")]: "0+100x30" },
    calm: { [UNDER("1")]: "0+100x30", [UNDER("2.5")]: "0+100x30", [UNDER("+Inf")]: "0+100x30" },
    at: "20m",
    labels: { service: "order" },
    summary: "One request of a hundred to order takes longer than 2.47s",
  },
];
