/** Publishes one greeting, waits until it was handled, prints what was remembered, and stops. */
import { setTimeout as delay } from "node:timers/promises";
import { startService } from "@tandem/runtime";
import { greeter } from "./generated/services/greeter.ts";
import { greeterHandlers } from "./handlers.ts";

const service = await startService(greeter, {
  handlers: greeterHandlers,
  schema: new URL("./schema.sql", import.meta.url),
});
await service.ready;
await service.context.transact({ correlationId: "greet-1", causationId: "greet-1" }, async ({ publish }) => {
  publish.greetingSent({ name: "world", words: "Hello" });
});

const deadline = performance.now() + 20_000;
let remembered: readonly unknown[] = [];
while (remembered.length === 0 && performance.now() < deadline) {
  await delay(50);
  ({ rows: remembered } = await service.context.database.query("select name, words from greeting"));
}
await service.stop();
console.log(JSON.stringify({ remembered }));
