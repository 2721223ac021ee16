/** What the broker's configuration promises, and where its promises end. */
import type { StreamSettings } from "@tandem/runtime/admin";
import { span } from "./words.ts";
import type { Facts, Syncing } from "./facts.ts";
import type { SystemPromise } from "./promise.ts";

/** The server's default, which it does not tell its clients. */
const DEFAULT_SYNC_MS = 120_000;

export function brokerPromises(facts: Facts): SystemPromise[] {
  if (facts.server === undefined) {
    return [
      {
        id: "broker",
        when: "a NATS server fails",
        state: "unknown",
        then: "No server answered, so nothing can be said of it.",
        set: "NATS_URL to where it listens.",
      },
    ];
  }
  const streams = facts.topology.streams.flatMap(({ name }) => {
    const settings = facts.streams[name];
    return settings === undefined ? [] : { name, ...settings };
  });
  return [
    processLoss(streams),
    ...byReplicas(streams).map(([replicas, names]) => powerLoss(replicas, names, facts.syncing)),
    ...byReplicas(streams).map(([replicas, names]) => diskLoss(replicas, names)),
    missing(facts),
    limits(streams),
  ].filter((promise) => promise !== undefined);
}

type NamedStream = StreamSettings & { readonly name: string };

function processLoss(streams: readonly NamedStream[]): SystemPromise {
  const base = { id: "broker-process", when: "a NATS process is killed" };
  const inMemory = streams.filter(({ storage }) => storage === "memory").map(({ name }) => name);
  if (inMemory.length === 0) {
    return { ...base, state: "kept", then: "Nothing is lost: what it acknowledged is with the operating system." };
  }
  return {
    ...base,
    state: "window",
    then: `Everything in ${inMemory.join(", ")} is lost: it is kept in memory.`,
    set: "storage: file on those streams (delete them and provision again).",
  };
}

function powerLoss(replicas: number, names: string, syncing: Syncing): SystemPromise {
  const base = {
    id: `broker-power-r${replicas}`,
    when:
      replicas === 1
        ? `the machine of the NATS server that holds ${names} loses power`
        : `${majority(replicas)} of the ${replicas} machines that hold ${names} lose power within moments`,
  };
  if (syncing.kind === "always") {
    return { ...base, state: "kept", then: "Nothing is lost: every message is on the disk before it is acknowledged." };
  }
  const every = span(syncing.kind === "every" ? syncing.ms : DEFAULT_SYNC_MS);
  const assumed =
    syncing.kind === "unknown" ? ` (the default: the server tells its own on its monitoring port only)` : "";
  return {
    ...base,
    state: syncing.kind === "unknown" ? "unknown" : "window",
    then:
      `The events of the last ${every} may be gone${assumed}, and with them acknowledgements and dead letters. ` +
      "A steward publishes such events again out of the outbox's history, and the inbox keeps what comes twice from being applied twice; dead letters of that time stay lost.",
    set: `jetstream { sync_interval: always } in the server's configuration${syncing.kind === "unknown" ? ", or name its monitoring address with --monitor" : ""}.`,
  };
}

function diskLoss(replicas: number, names: string): SystemPromise {
  const id = `broker-disk-r${replicas}`;
  if (replicas > 1) {
    return {
      id,
      when: `${majority(replicas)} of the ${replicas} disks that hold ${names} are lost`,
      state: "window",
      then: `What they held is lost; one disk less loses nothing. ${mended}`,
      set: "more replicas, in other places.",
    };
  }
  return {
    id,
    when: `the disk that holds ${names} is lost`,
    state: "window",
    then: `Everything in them is lost. ${mended}`,
    set: "x-jetstream: { replicas: 3 } on the server in the contract, and a cluster of three.",
  };
}

const mended =
  "A steward publishes the events again out of the outbox's history, onto streams that were provisioned again; dead letters and their audit stay lost.";

function missing({ topology, streams, missingDurables }: Facts): SystemPromise {
  const absent = topology.streams.filter(({ name }) => streams[name] === undefined).map(({ name }) => name);
  const base = { id: "provisioned", when: "an event is published" };
  if (absent.length + missingDurables.length === 0) {
    return {
      ...base,
      state: "kept",
      then: "Every durable that the contract asks for is there and remembers what it has not handled.",
    };
  }
  return {
    ...base,
    state: "window",
    then: [
      ...(absent.length > 0 ? [`There is no stream ${absent.join(", ")}: events wait in the outbox.`] : []),
      ...(missingDurables.length > 0
        ? [
            `There is no durable ${missingDurables.join(", ")}: what is published before it exists is handled late, or never once its stream dropped it.`,
          ]
        : []),
    ].join(" "),
    set: "run `npm run ops -- provision`.",
  };
}

function limits(streams: readonly NamedStream[]): SystemPromise | undefined {
  const bounded = streams.filter(
    ({ maxBytes, maxMessages, discard }) => discard === "old" && (maxBytes > 0 || maxMessages > 0),
  );
  if (bounded.length === 0) return undefined;
  return {
    id: "stream-limits",
    when: `${bounded.map(({ name }) => name).join(", ")} is full`,
    state: "window",
    then: "Its oldest messages are dropped before their age, handled or not.",
    set: "max_bytes and max_msgs to -1, or discard: new, which makes the outbox wait instead.",
  };
}

function byReplicas(streams: readonly NamedStream[]): [replicas: number, names: string][] {
  const groups = Map.groupBy(streams, ({ replicas }) => Math.max(1, replicas));
  return [...groups]
    .toSorted(([one], [other]) => one - other)
    .map(([replicas, group]) => [replicas, list(group.map(({ name }) => name))]);
}

function majority(replicas: number): number {
  return Math.floor(replicas / 2) + 1;
}

function list(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
