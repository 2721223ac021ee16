/** The broker for those who own it: the provisioner, the command line, the lab. A service never needs this. */
import type { PurgeOpts } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { pino, type Logger } from "pino";
import { TandemError } from "../errors.ts";
import { AdminCommands } from "./admin-commands.ts";
import { takeHold } from "./admin-hold.ts";
import {
  DURABLE_DEFAULTS,
  fromConsumerInfo,
  fromStreamInfo,
  STREAM_DEFAULTS,
  toConsumerConfig,
  toStreamConfig,
} from "./admin-settings.ts";
import type { Admin, ServerInfo } from "./admin-shapes.ts";
import { Connection } from "./connection.ts";
import { Publisher } from "./publisher.ts";
import { parseServers } from "./server-addresses.ts";
import { isOlder, missingIn, OLDEST_API_LEVEL, OLDEST_SERVER } from "./server-features.ts";
import { getMessage, openReader, readMessages } from "./stream-reader.ts";
import { countMessages, countSubjects, lastMessage, nextMessage } from "./stream-survey.ts";

export type * from "./admin-shapes.ts";

/** Messages on their way at once. */
const PUBLISH_WINDOW = 256;
const CLOSE_LIMIT_MS = 2_000;

/** Where to connect, and how long a command may take. */
export interface AdminOptions {
  /** As in `BrokerOptions`. */
  readonly servers: readonly string[];
  /** Shown in the server's list of connections. Default `tandem-admin`. */
  readonly name?: string;
  /** For connecting, and for each command, milliseconds. Default 5,000. */
  readonly deadlineMs?: number;
  /** Ends the wait for a server before that: whoever is told to stop waits for nothing. */
  readonly signal?: AbortSignal;
  /** Says nothing by default: what goes wrong is in the errors. */
  readonly log?: Logger;
}

/**
 * Connects, and rejects with `BROKER_UNREACHABLE` when no server answers in time, with `BROKER_TOO_OLD`
 * when one does that is older than 2.12.1, with `CONFIG_INVALID` when the URLs cannot be read.
 */
export async function openAdmin({
  servers,
  name = "tandem-admin",
  deadlineMs = 5_000,
  signal,
  log,
}: AdminOptions): Promise<Admin> {
  const addresses = parseServers(servers);
  const connection = new Connection({
    addresses,
    name,
    inboxPrefix: addresses.inboxPrefix,
    backoff: { baseMs: 100, capMs: 1_000 },
    random: Math.random,
    log: log ?? pino({ level: "silent" }),
  });
  try {
    const patience = [AbortSignal.timeout(deadlineMs), ...(signal === undefined ? [] : [signal])];
    const client = await connection.whenConnected(AbortSignal.any(patience));
    if (client === undefined) throw unreachable(addresses.servers, deadlineMs, connection);
    const server = serverInfo(client);
    if (isOlder(server.version, OLDEST_SERVER)) throw tooOld(server);
    const commands = new AdminCommands(connection, deadlineMs);
    const { api } = await commands.run("looking for JetStream", (manager) => manager.getAccountInfo());
    if ((api.level ?? 0) < OLDEST_API_LEVEL) throw tooOldInside(server, api.level ?? 0);
    return adminOf(connection, commands, server, publisherOn(connection, deadlineMs, addresses.inboxPrefix));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** A publisher that begins to listen for answers when the first message is sent: most commands only read. */
function publisherOn(
  connection: Connection,
  deadlineMs: number,
  inboxPrefix: string | undefined,
): Pick<Publisher, "publish" | "close"> {
  let publisher: Publisher | undefined;
  return {
    publish(message) {
      publisher ??= new Publisher(connection, {
        inboxPrefix,
        deadlineMs,
        window: PUBLISH_WINDOW,
        random: Math.random,
        log: pino({ level: "silent" }),
      });
      return publisher.publish(message);
    },
    close: async (limitMs) => publisher?.close(limitMs),
  };
}

function adminOf(
  connection: Connection,
  commands: AdminCommands,
  server: ServerInfo,
  publisher: Pick<Publisher, "publish" | "close">,
): Admin {
  return {
    server,
    streams: () =>
      commands.run("listing the streams", async ({ streams }) => (await all(streams.list())).map(fromStreamInfo)),
    async stream(name) {
      const info = await commands.find(`looking at stream ${name}`, ({ streams }) => streams.info(name));
      return info && fromStreamInfo(info);
    },
    async createStream(name, request) {
      const config = toStreamConfig(name, { ...STREAM_DEFAULTS, ...request });
      return fromStreamInfo(await commands.run(`creating stream ${name}`, ({ streams }) => streams.add(config)));
    },
    updateStream: (name, request) =>
      commands.run(`updating stream ${name}`, async ({ streams }) => {
        const { settings } = fromStreamInfo(await streams.info(name));
        return fromStreamInfo(await streams.update(name, toStreamConfig(name, { ...settings, ...request })));
      }),
    async deleteStream(name) {
      return (await commands.find(`deleting stream ${name}`, ({ streams }) => streams.delete(name))) ?? false;
    },
    async purgeStream(name, { subject, keep } = {}) {
      const options = purgeOptions(subject, keep);
      return (await commands.run(`purging stream ${name}`, ({ streams }) => streams.purge(name, options))).purged;
    },
    durables: (stream) =>
      commands.run(`listing the durables of ${stream}`, async ({ consumers }) =>
        (await all(consumers.list(stream))).map(fromConsumerInfo),
      ),
    async durable(stream, name) {
      const info = await commands.find(`looking at durable ${name} of ${stream}`, ({ consumers }) =>
        consumers.info(stream, name),
      );
      return info && fromConsumerInfo(info);
    },
    async createDurable(stream, name, request) {
      const config = toConsumerConfig(name, { ...DURABLE_DEFAULTS, ...request });
      const what = `creating durable ${name} of ${stream}`;
      return fromConsumerInfo(await commands.run(what, ({ consumers }) => consumers.add(stream, config)));
    },
    updateDurable: (stream, name, request) =>
      commands.run(`updating durable ${name} of ${stream}`, async ({ consumers }) => {
        const { settings } = fromConsumerInfo(await consumers.info(stream, name));
        const config = toConsumerConfig(name, { ...settings, ...request });
        return fromConsumerInfo(await consumers.update(stream, name, { ...CLEARED, ...config }));
      }),
    async deleteDurable(stream, name) {
      const what = `deleting durable ${name} of ${stream}`;
      return (await commands.find(what, ({ consumers }) => consumers.delete(stream, name))) ?? false;
    },
    message: (stream, sequence) =>
      commands.find(`reading message ${sequence} of ${stream}`, (manager) => getMessage(manager, stream, sequence)),
    nextMessage: (stream, subject, from = 1) =>
      commands.find(`looking for ${subject} in ${stream}`, (manager) => nextMessage(manager, stream, subject, from)),
    lastMessage: (stream, subject) =>
      commands.find(`looking for ${subject} in ${stream}`, (manager) => lastMessage(manager, stream, subject)),
    countMessages: (stream, subject, options = {}) =>
      commands.run(`counting ${subject} in ${stream}`, (manager) => countMessages(manager, stream, subject, options)),
    countSubjects: (stream, filter) =>
      commands.run(`counting ${filter} in ${stream}`, (manager) => countSubjects(manager, stream, filter)),
    async *readStream(stream, options = {}) {
      if (options.signal?.aborted === true) return;
      const reader = await commands.run(`reading stream ${stream}`, async (manager) => {
        await manager.streams.info(stream);
        return openReader(manager.jetstream(), stream, options);
      });
      yield* readMessages(reader, stream, options);
    },
    publish: (message) => publisher.publish(message),
    hold: (stream, name, options) => takeHold(commands, stream, name, options),
    async close() {
      await publisher.close(CLOSE_LIMIT_MS);
      await connection.close();
    },
  };
}

/**
 * The client keeps what is not named: a single filter, set by hand, which is another field than a list of them, and a
 * priority policy that is taken away.
 */
const CLEARED: Readonly<Record<string, undefined>> = {
  filter_subject: undefined,
  priority_policy: undefined,
  priority_groups: undefined,
  priority_timeout: undefined,
};

function purgeOptions(subject: string | undefined, keep: number | undefined): PurgeOpts | undefined {
  const filter = subject === undefined ? undefined : { filter: subject };
  return keep === undefined ? filter : { ...filter, keep };
}

async function all<T>(pages: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of pages) items.push(item);
  return items;
}

function serverInfo(client: NatsConnection): ServerInfo {
  const { info } = client;
  return {
    version: info?.version ?? "0.0.0",
    apiLevel: info?.api_lvl ?? 0,
    address: client.getServer(),
    cluster: info?.cluster,
    maxPayload: info?.max_payload ?? 0,
  };
}

function unreachable(servers: readonly string[], deadlineMs: number, { state }: Connection): TandemError {
  const reason = state.kind === "connected" ? "it took too long" : (state.lastError ?? "no answer");
  return new TandemError(
    "BROKER_UNREACHABLE",
    `No NATS server could be reached at ${servers.join(", ")} within ${deadlineMs} ms: ${reason}. ` +
      "Start the broker, or set NATS_URL to where it listens, with the login that it asks for (nats://user:password@host:4222, or ?nkey=FILE&ca=FILE behind it).",
  );
}

function tooOld({ version, address }: ServerInfo): TandemError {
  const lacks = missingIn(version).map(({ what, since }) => `${what} (${since})`);
  return new TandemError(
    "BROKER_TOO_OLD",
    `The NATS server at ${address} is ${version}; Tandem needs ${OLDEST_SERVER} or newer: an older one ignores settings without a word. It has no ${lacks.join(", no ")}.`,
  );
}

/** In a cluster that is being upgraded, the server that was dialled may be newer than the one that answers. */
function tooOldInside({ version, address }: ServerInfo, level: number): TandemError {
  return new TandemError(
    "BROKER_TOO_OLD",
    `The NATS server at ${address} is ${version}, and what answers for JetStream behind it has API level ${level}; Tandem needs ${OLDEST_API_LEVEL} or more, which is nats-server ${OLDEST_SERVER} on every server of the cluster.`,
  );
}
