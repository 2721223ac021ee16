/** Translates settings of streams and durables to the terms of the JetStream API and back. */
import type * as js from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import type { DurableInfo, DurableSettings, StreamInfo, StreamPeer, StreamSettings } from "./admin-shapes.ts";
import { fromPriorityConfig, toPriorityConfig } from "./priority.ts";
import { otherConsumerSettings, otherStreamSettings, type OtherSettings } from "./other-settings.ts";

/** A stream of which nothing is said: in files, kept for ever, one replica, ids remembered for two minutes. */
export const STREAM_DEFAULTS: StreamSettings = {
  description: "",
  subjects: [],
  retention: "limits",
  storage: "file",
  replicas: 1,
  discard: "old",
  maxAgeMs: 0,
  maxBytes: -1,
  maxMessages: -1,
  maxMessageBytes: -1,
  duplicateWindowMs: 120_000,
  atomicBatches: false,
  directGet: false,
  denyDelete: false,
  denyPurge: false,
  metadata: {},
};

/** A durable of which nothing is said: the whole stream from its beginning, settled one by one. */
export const DURABLE_DEFAULTS: DurableSettings = {
  description: "",
  filterSubjects: [],
  deliverFrom: "all",
  ackWaitMs: 30_000,
  maxDeliver: -1,
  maxAckPending: 1_000,
  priority: null,
  replicas: 0,
  metadata: {},
};

/** A stream's settings as the API takes them. */
export function toStreamConfig(name: string, settings: StreamSettings): Partial<js.StreamConfig> & { name: string } {
  return {
    name,
    description: settings.description,
    subjects: [...settings.subjects],
    retention: settings.retention,
    storage: settings.storage,
    num_replicas: settings.replicas,
    discard: settings.discard,
    max_age: nanos(settings.maxAgeMs),
    max_bytes: settings.maxBytes,
    max_msgs: settings.maxMessages,
    max_msg_size: settings.maxMessageBytes,
    duplicate_window: nanos(settings.duplicateWindowMs),
    allow_atomic: settings.atomicBatches,
    allow_direct: settings.directGet,
    deny_delete: settings.denyDelete,
    deny_purge: settings.denyPurge,
    metadata: { ...settings.metadata },
  };
}

/** A stream as the API describes it. A field that the server does not know is as good as off. */
export function fromStreamInfo({ config, state, cluster }: js.StreamInfo): StreamInfo {
  return {
    name: config.name,
    settings: {
      description: config.description ?? "",
      subjects: config.subjects ?? [],
      retention: config.retention,
      storage: config.storage,
      replicas: config.num_replicas,
      discard: config.discard,
      maxAgeMs: toMilliseconds(config.max_age),
      maxBytes: config.max_bytes,
      maxMessages: config.max_msgs,
      maxMessageBytes: config.max_msg_size ?? -1,
      duplicateWindowMs: toMilliseconds(config.duplicate_window),
      atomicBatches: config.allow_atomic ?? false,
      directGet: config.allow_direct ?? false,
      denyDelete: config.deny_delete ?? false,
      denyPurge: config.deny_purge ?? false,
      metadata: withoutServersOwn(config.metadata),
    },
    messages: state.messages,
    bytes: state.bytes,
    firstSequence: state.first_seq,
    lastSequence: state.last_seq,
    consumers: state.consumer_count,
    ...peersOf(cluster),
    ...copiesOf(config),
    ...withOthers(otherStreamSettings(config)),
  };
}

function withOthers(others: OtherSettings | undefined): { readonly others?: OtherSettings } {
  return others === undefined ? {} : { others };
}

/** The leader answers, so it is there; what it says of the others is how it sees them. */
function peersOf(cluster: js.ClusterInfo | undefined): { readonly peers?: readonly StreamPeer[] } {
  if (!cluster?.leader) return {};
  const others = (cluster.replicas ?? []).map(({ name, current, offline }) => ({
    server: name,
    current: current && !offline,
  }));
  return { peers: [{ server: cluster.leader, current: true }, ...others] };
}

function copiesOf({ mirror, sources = [] }: js.StreamConfig): { readonly copiesOf?: readonly string[] } {
  const names = [...(mirror ? [mirror.name] : []), ...sources.map(({ name }) => name)];
  return names.length > 0 ? { copiesOf: names } : {};
}

/** A durable's settings as the API takes them. Never a `backoff`: it would replace the ack wait, and nak ignores it. */
export function toConsumerConfig(name: string, settings: DurableSettings): js.ConsumerConfig {
  return {
    durable_name: name,
    ack_policy: "explicit",
    replay_policy: "instant",
    description: settings.description,
    filter_subjects: [...settings.filterSubjects],
    deliver_policy: settings.deliverFrom,
    ack_wait: nanos(settings.ackWaitMs),
    max_deliver: settings.maxDeliver,
    max_ack_pending: settings.maxAckPending,
    ...toPriorityConfig(settings.priority),
    num_replicas: settings.replicas,
    metadata: { ...settings.metadata },
  };
}

/** A consumer as the API describes it. */
export function fromConsumerInfo(info: js.ConsumerInfo): DurableInfo {
  const { config } = info;
  return {
    stream: info.stream_name,
    name: info.name,
    durable: config.durable_name !== undefined,
    settings: {
      description: config.description ?? "",
      filterSubjects: config.filter_subjects ?? (config.filter_subject === undefined ? [] : [config.filter_subject]),
      deliverFrom: config.deliver_policy,
      ackWaitMs: toMilliseconds(config.ack_wait),
      maxDeliver: config.max_deliver ?? -1,
      maxAckPending: config.max_ack_pending ?? -1,
      priority: fromPriorityConfig(config),
      replicas: config.num_replicas ?? 0,
      metadata: withoutServersOwn(config.metadata),
    },
    pending: info.num_pending,
    ackPending: info.num_ack_pending,
    redelivered: info.num_redelivered,
    waitingPulls: info.num_waiting,
    deliveredSequence: info.delivered.stream_seq,
    settledSequence: info.ack_floor.stream_seq,
    pausedForMs: info.paused === true ? toMilliseconds(info.pause_remaining) : 0,
    ...lastActive(info),
    ...(info.push_bound ? { pushes: true } : {}),
    ...withOthers(otherConsumerSettings(config)),
  };
}

function lastActive({ delivered, ack_floor: acknowledged }: js.ConsumerInfo): { readonly lastActiveAt?: number } {
  const times = [delivered, acknowledged].flatMap(({ last_active: at }) =>
    at === undefined ? [] : Date.parse(String(at)),
  );
  return times.length > 0 ? { lastActiveAt: Math.max(...times) } : {};
}

/** The server adds entries of its own (`_nats.level`), which are nobody's to compare. */
function withoutServersOwn(metadata: Record<string, string> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).filter(([key]) => !key.startsWith("_nats.")));
}

function toMilliseconds(nanoseconds = 0): number {
  return nanoseconds / 1_000_000;
}
