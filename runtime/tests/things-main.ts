/**
 * The taker as a process of its own, for tests of processes. `THINGS_ID` and `THINGS_DELIVERY` (JSON) name its contract.
 *
 * What it does with a thing goes by the thing's id. It keeps two tables: `started` says which handler runs began,
 * whatever became of them, and `taken` what was applied.
 */
import { setTimeout as pause } from "node:timers/promises";
import { PermanentError } from "../errors.ts";
import type { Queryable } from "../postgres/database.ts";
import { runService } from "../service/run-service.ts";
import * as setting from "../settings/setting.ts";
import { thingsContract } from "./things-contract.ts";

const { THINGS_ID = "", THINGS_DELIVERY = "{}" } = process.env;

await runService(thingsContract(THINGS_ID, JSON.parse(THINGS_DELIVERY)).taker, {
  description: "Takes things.",
  settings: {
    SHELF: setting.choice({ description: "Where things go.", of: ["upper", "lower"], default: "upper" }),
    TAKE_MS: setting.milliseconds({ description: "How long taking one takes.", min: 0, max: 60_000, default: 0 }),
  },
  schema: new URL("things.sql", import.meta.url),
  handlers: ({ settings, database }) => ({
    thingMade: async ({ thing_id, count }, { log, tx, publish }) => {
      log.info({ shelf: settings.SHELF }, "taking");
      await database.query("insert into started values ($1)", [thing_id]);
      const [manner] = thing_id.split("-");
      if (manner === "killer") process.kill(process.pid, "SIGKILL");
      if (manner === "uncaught") setImmediate(() => void fail());
      if (manner === "unhurried") await pause(settings.TAKE_MS);
      await tx.query("insert into taken (thing_id, count) values ($1, $2)", [thing_id, count]);
      publish.thingTaken({ thing_id });
      if (manner === "failing") throw new Error("not now, not ever");
      if (manner === "hopeless") throw new PermanentError("no");
      if (manner === "forgetful") {
        void isTaken(database, thing_id).then(() => publish.thingTaken({ thing_id: "too late" }));
      }
    },
  }),
});

/** Resolves when the thing is committed. */
async function isTaken(database: Queryable, thingId: string): Promise<void> {
  while ((await database.query("select from taken where thing_id = $1", [thingId])).rowCount === 0) await pause(5);
}

async function fail(): Promise<never> {
  throw new Error("nobody awaits this");
}
