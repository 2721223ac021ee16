/** The taker as a process of its own, for tests of processes. `THINGS_ID` names its contract. */
import { setTimeout as pause } from "node:timers/promises";
import { runService } from "../service/run-service.ts";
import * as setting from "../settings/setting.ts";
import { thingsContract } from "./things-contract.ts";

await runService(thingsContract(process.env["THINGS_ID"] ?? "").taker, {
  description: "Takes things.",
  settings: {
    SHELF: setting.choice({ description: "Where things go.", of: ["upper", "lower"], default: "upper" }),
    TAKE_MS: setting.milliseconds({ description: "How long taking one takes.", min: 0, max: 60_000, default: 0 }),
  },
  handlers: ({ settings }) => ({
    thingMade: async ({ thing_id }, { log, publish }) => {
      log.info({ shelf: settings.SHELF }, "taking");
      if (thing_id === "uncaught") setImmediate(() => void fail());
      if (thing_id === "unhurried") await pause(settings.TAKE_MS);
      publish.thingTaken({ thing_id });
    },
  }),
});

async function fail(): Promise<never> {
  throw new Error("nobody awaits this");
}
