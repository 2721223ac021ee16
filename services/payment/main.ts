/** The payment service as a process: owns charges and refunds. */
import { createDependency, runService, setting } from "@tandem/runtime";
import { payment } from "#generated/services/payment.ts";
import { createGateway } from "./gateway.ts";
import { paymentHandlers } from "./handlers.ts";

const settings = {
  GATEWAY_URL: setting.url({ description: "The payment gateway.", protocols: ["http:", "https:"] }),
  GATEWAY_TIMEOUT: setting.milliseconds({
    description: "How long one call of the gateway may take.",
    min: 10,
    max: 10_000,
    default: 2_000,
  }),
  GATEWAY_RETRIES: setting.integer({
    description: "Further tries of one call, after the first failed.",
    min: 0,
    max: 3,
    default: 2,
  }),
  GATEWAY_BREAK_AFTER: setting.integer({
    description: "Failed tries in a row after which the gateway is left alone.",
    min: 1,
    max: 1_000,
    default: 5,
  }),
  GATEWAY_HALF_OPEN_AFTER: setting.milliseconds({
    description: "How long it is left alone before one try is let through.",
    min: 10,
    max: 600_000,
    default: 5_000,
  }),
};

await runService(payment, {
  description: "owns charges and refunds",
  schema: new URL("./schema.sql", import.meta.url),
  settings,
  handlers: (context) => {
    const gateway = createDependency("gateway", {
      timeoutMs: context.settings.GATEWAY_TIMEOUT,
      retries: context.settings.GATEWAY_RETRIES,
      breakAfter: context.settings.GATEWAY_BREAK_AFTER,
      halfOpenAfterMs: context.settings.GATEWAY_HALF_OPEN_AFTER,
    });
    context.watch(gateway);
    return paymentHandlers(createGateway(context.settings.GATEWAY_URL, gateway));
  },
  httpPort: 3_002,
});
