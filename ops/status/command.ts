/** `tandem status`: its arguments. */
import { setTimeout as pause } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openAdmin, openStore } from "@tandem/runtime/admin";
import { databaseUrlOf, natsServersOf } from "../addresses.ts";
import type { Command } from "../command.ts";
import { readTopology } from "../topology.ts";
import { statusText } from "./status-text.ts";
import { readSystemState } from "./system-state.ts";

const HELP = `Shows a running system on one screen: server, streams, durables, outboxes, dead letters. Of a durable also
which of its readers it prefers, and what is not as the contract says.

  tandem status [--topology FILE] [--json] [--watch]

  --topology FILE   what codegen wrote; default generated/topology.json
  --json            as JSON; with --watch one line each time
  --watch           again every two seconds, until told to stop

  NATS_URL          the server; default nats://127.0.0.1:4222
  DATABASE_URL      the database of the services, with a role that may read them; without it no outbox is shown
`;

const EVERY_MS = 2_000;
const CLEAR_SCREEN = "\u001b[2J\u001b[H";

export const statusCommand: Command = {
  help: HELP,
  async run(argv, { env, print, whenTold }) {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        topology: { type: "string", default: "generated/topology.json" },
        json: { type: "boolean", default: false },
        watch: { type: "boolean", default: false },
      },
    });
    const topology = readTopology(values.topology);
    const servers = natsServersOf(env);
    const databaseUrl = databaseUrlOf(env);
    const admin = await openAdmin({ servers, name: "tandem status" });
    const store = databaseUrl === undefined ? undefined : openStore(databaseUrl);
    try {
      const signal = values.watch ? whenTold?.() : AbortSignal.abort();
      for (;;) {
        const state = await readSystemState(topology, admin, store);
        const text = values.json ? JSON.stringify(state, null, values.watch ? 0 : 2) : statusText(state);
        print(values.watch && !values.json ? `${CLEAR_SCREEN}${text}` : text);
        if (signal?.aborted) return 0;
        await pause(EVERY_MS, undefined, { signal }).catch(() => undefined);
        if (signal?.aborted) return 0;
      }
    } finally {
      await Promise.all([admin.close(), store?.close()]);
    }
  },
};
