/**
 * What each identity may do on the broker: what the contract says that it does, and nothing else.
 *
 * A server takes a publish as allowed when an entry of `allow` fits and none of `deny` does, and so with subscriptions.
 */
import { identitiesOf, inboxOf } from "./identities.ts";
import { stewardDurable } from "../provision/own-streams.ts";
import type { Topology, TopologyConsumer } from "../topology.ts";

/** Subjects with the wildcards of NATS. */
export interface Subjects {
  readonly allow: readonly string[];
  readonly deny?: readonly string[];
}

/** What one identity may. */
export interface Permissions {
  readonly publish: Subjects;
  readonly subscribe: Subjects;
}

/** The permissions of every identity of a system, by its name. */
export function permissionsOf(topology: Topology): ReadonlyMap<string, Permissions> {
  return new Map(identitiesOf(topology).map((identity) => [identity, permissionsOfOne(identity, topology)]));
}

function permissionsOfOne(identity: string, topology: Topology): Permissions {
  switch (identity) {
    case "provisioner":
      return allowed(identity, PROVISIONING);
    case "observer":
      return reader(identity, topology, []);
    case "operator":
      return reader(identity, topology, lettersAgain(topology));
    case "steward":
      return steward(identity, topology);
    default:
      return service(identity, topology);
  }
}

/** A service publishes its own events and dead letters, and reads its own durables. */
function service(name: string, { messages, consumers }: Topology): Permissions {
  const own = consumers.filter((consumer) => consumer.service === name);
  const published = messages.filter(({ publisher }) => publisher === name).map(({ subject }) => subject);
  return {
    publish: {
      allow: [
        ...published,
        `dead.${name}.>`,
        // What was parked for its turn comes back this way, to its own durable alone.
        ...own.map(({ replaySubject }) => replaySubject),
        ...own.flatMap(reading),
        // A pause while what it depends on is down.
        ...own.map(({ stream, durable }) => `$JS.API.CONSUMER.PAUSE.${stream}.${durable}`),
        // An instance that stops lets another have its durable at once.
        ...own
          .filter(({ priority }) => priority?.policy === "pinned")
          .map(({ stream, durable }) => `$JS.API.CONSUMER.UNPIN.${stream}.${durable}`),
      ],
    },
    subscribe: {
      allow: [
        `${inboxOf(name)}.>`,
        ...own.map(({ stream, durable }) => `$JS.EVENT.ADVISORY.CONSUMER.PAUSE.${stream}.${durable}`),
      ],
    },
  };
}

/** Looking at a durable, pulling from it, and answering what was pulled, in both forms of an answer's subject. */
function reading({ stream, durable }: Pick<TopologyConsumer, "stream" | "durable">): string[] {
  return [
    `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
    `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
    `$JS.ACK.${stream}.${durable}.>`,
    `$JS.ACK.*.*.${stream}.${durable}.>`,
  ];
}

/** Streams and durables are made and changed; nothing is deleted, emptied or read. */
const PROVISIONING = [
  "$JS.API.INFO",
  "$JS.API.STREAM.LIST",
  "$JS.API.STREAM.NAMES",
  "$JS.API.STREAM.INFO.*",
  "$JS.API.STREAM.CREATE.*",
  "$JS.API.STREAM.UPDATE.*",
  "$JS.API.CONSUMER.LIST.*",
  "$JS.API.CONSUMER.NAMES.*",
  "$JS.API.CONSUMER.INFO.*.*",
  "$JS.API.CONSUMER.CREATE.*.>",
  "$JS.API.CONSUMER.DURABLE.CREATE.*.*",
];

const LOOKING = [
  "$JS.API.INFO",
  "$JS.API.STREAM.LIST",
  "$JS.API.STREAM.NAMES",
  "$JS.API.STREAM.INFO.*",
  "$JS.API.STREAM.MSG.GET.*",
  "$JS.API.CONSUMER.LIST.*",
  "$JS.API.CONSUMER.NAMES.*",
  "$JS.API.CONSUMER.INFO.*.*",
];

/** A consumer that lives as long as whoever reads through it. */
const PASSING_CONSUMERS = [
  "$JS.API.CONSUMER.CREATE.*",
  "$JS.API.CONSUMER.CREATE.*.>",
  "$JS.API.CONSUMER.DELETE.*.*",
  "$JS.API.CONSUMER.MSG.NEXT.*.*",
];

/** Reads every stream through consumers of its own, and may not touch those of the services. */
function reader(identity: string, topology: Topology, more: readonly string[]): Permissions {
  const kept = [...topology.consumers, ownDurable(topology)];
  return {
    publish: {
      allow: [...LOOKING, ...PASSING_CONSUMERS, ...more],
      deny: kept.flatMap(({ stream, durable }) => [
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
        `$JS.API.CONSUMER.DELETE.${stream}.${durable}`,
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      ]),
    },
    subscribe: { allow: [`${inboxOf(identity)}.>`] },
  };
}

/** Dead letters: sent again to the one durable, edited, or let go; and who did so. */
function lettersAgain({ consumers }: Topology): string[] {
  return ["dead.>", "tandem.audit.>", ...consumers.map(({ replaySubject }) => replaySubject)];
}

function steward(identity: string, topology: Topology): Permissions {
  const { publish, subscribe } = reader(identity, topology, [
    ...lettersAgain(topology),
    // The reconciler puts back what a broker lost.
    ...topology.messages.map(({ subject }) => subject),
    ...reading(ownDurable(topology)),
  ]);
  const own = ownDurable(topology);
  const denied = publish.deny?.filter(
    (subject) => subject !== `$JS.API.CONSUMER.MSG.NEXT.${own.stream}.${own.durable}`,
  );
  return { publish: { allow: publish.allow, deny: denied ?? [] }, subscribe };
}

/** Of the steward. */
function ownDurable(topology: Topology): { readonly stream: string; readonly durable: string } {
  const { stream, name: durable } = stewardDurable(topology);
  return { stream, durable };
}

function allowed(identity: string, subjects: readonly string[]): Permissions {
  return { publish: { allow: subjects }, subscribe: { allow: [`${inboxOf(identity)}.>`] } };
}
