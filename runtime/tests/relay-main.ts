/**
 * A relay as a process of its own, for tests of what it leaves behind when it is killed. `RELAY_SOURCE` names the
 * service whose outbox it carries, `KILL_AT` a place between two messages where it kills itself.
 */
import { pino } from "pino";
import type { Broker, OutgoingMessage } from "../broker.ts";
import { openBroker } from "../nats/broker.ts";
import { openDatabase } from "../postgres/database.ts";
import { startRelay } from "../postgres/relay.ts";

const { NATS_URL = "", DATABASE_URL = "", RELAY_SOURCE = "", KILL_AT, ATOMIC_BATCHES } = process.env;
/** Facts that get through before the process dies. */
const WHOLE_FACTS = 3;

const log = pino({ level: "silent" });
const broker = openBroker({ servers: [NATS_URL], name: "relay", log });
const database = openDatabase({
  url: DATABASE_URL,
  schema: RELAY_SOURCE,
  applicationName: "relay",
  connections: 8,
  log,
});

startRelay({
  database,
  broker: failing(broker),
  source: RELAY_SOURCE,
  log,
  atomicBatches: ATOMIC_BATCHES === "on",
  onPublished: () => undefined,
  onUnrepresentable: () => undefined,
  onRefused: () => undefined,
});

function failing(real: Broker): Broker {
  let facts = 0;
  return {
    get state() {
      return real.state;
    },
    pauses: real.pauses,
    subscribe: (options, onDelivery) => real.subscribe(options, onDelivery),
    settledUpTo: async (stream, durable) => real.settledUpTo(stream, durable),
    close: async () => real.close(),
    publish: async (message) => {
      const ack = await real.publish(message);
      facts += 1;
      if (KILL_AT === "between-versions" && facts > WHOLE_FACTS) return die();
      return ack;
    },
    publishBatch: async (messages: readonly OutgoingMessage[]) => {
      facts += 1;
      const sent = real.publishBatch(messages);
      if (KILL_AT === "batch-sent" && facts > WHOLE_FACTS) return new Promise(() => setImmediate(die));
      const acks = await sent;
      if (KILL_AT === "batch-stored" && facts > WHOLE_FACTS) return die();
      return acks;
    },
  };
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("unreachable");
}
