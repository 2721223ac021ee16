/** A reader that dies of whatever it reads: `NATS_URL`, `STREAM`, `DURABLE`. */
import { openBroker, openLog } from "@tandem/runtime/admin";

const broker = openBroker({
  servers: [process.env["NATS_URL"] ?? ""],
  name: "dying reader",
  log: openLog({ service: "dying reader", level: "silent", file: undefined }),
});
broker.subscribe(
  {
    stream: process.env["STREAM"] ?? "",
    durable: process.env["DURABLE"] ?? "",
    concurrency: 1,
    ackWaitMs: 10_000,
  },
  async () => {
    process.kill(process.pid, "SIGKILL");
    return { kind: "ack" };
  },
);
