/** The order service as a process: takes orders over HTTP and alone decides about them. */
import { runService, setting } from "@tandem/runtime";
import { order } from "#generated/services/order.ts";
import { cancelOverdueOrders } from "./deadlines.ts";
import { orderHandlers } from "./handlers.ts";
import { createDoor } from "./http.ts";

/** Time between two looks for orders whose deadline has passed. */
const SWEEP_INTERVAL_MS = 1_000;

const settings = {
  ORDER_DEADLINE: setting.integer({
    description: "An order about which nothing was decided in this time is cancelled.",
    unit: "s",
    min: 1,
    max: 31_536_000,
    default: 900,
  }),
};

await runService(order, {
  description: "takes orders over HTTP and alone decides about them",
  schema: new URL("./schema.sql", import.meta.url),
  settings,
  handlers: orderHandlers,
  httpPort: 3_000,
  http: async (context) =>
    createDoor(context, {
      bodies: context.bodies,
      deadlineSeconds: context.settings.ORDER_DEADLINE,
    }),
  jobs: [{ name: "deadlines", everyMs: SWEEP_INTERVAL_MS, run: cancelOverdueOrders }],
});
