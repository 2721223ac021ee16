/** The commands of `tandem` about a running system. Only the one that is asked for is loaded. */
import type { Command } from "./command.ts";

export interface CommandEntry {
  readonly name: string;
  /** For the list of commands: a few words, lower case. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order in which they are listed. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: "provision",
    summary: "makes streams and durables equal to the contract",
    load: async () => (await import("./provision/command.ts")).provisionCommand,
  },
  {
    name: "keys",
    summary: "makes and replaces the keys of services and tools, and the servers' certificates",
    load: async () => (await import("./keys/command.ts")).keysCommand,
  },
  {
    name: "permissions",
    summary: "prints who may do what on the broker, for nats-server",
    load: async () => (await import("./permissions/command.ts")).permissionsCommand,
  },
  {
    name: "status",
    summary: "shows streams, durables, outboxes and dead letters",
    load: async () => (await import("./status/command.ts")).statusCommand,
  },
  {
    name: "steward",
    summary: "looks after a running system: dead letters, history, lost events",
    load: async () => (await import("./steward/command.ts")).stewardCommand,
  },
  {
    name: "evolve",
    summary: "takes an event from one version to the next, gate by gate",
    load: async () => (await import("./evolve/command.ts")).evolveCommand,
  },
  {
    name: "leftovers",
    summary: "finds handlers and parts of mappings that nothing asks for any more",
    load: async () => (await import("./leftovers/command.ts")).leftoversCommand,
  },
  {
    name: "trace",
    summary: "tells everything that happened to a key or a conversation",
    load: async () => (await import("./trace/command.ts")).traceCommand,
  },
  {
    name: "dead-letters",
    summary: "shows what services gave up, and delivers it again",
    load: async () => (await import("./dead-letters/command.ts")).deadLettersCommand,
  },
  {
    name: "verify",
    summary: "says whether the books of a running system balance",
    load: async () => (await import("./verify/command.ts")).verifyCommand,
  },
  {
    name: "promises",
    summary: "says what would be lost in which event, and what to set against it",
    load: async () => (await import("./promises/command.ts")).promisesCommand,
  },
];
