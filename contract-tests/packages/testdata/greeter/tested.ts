/** Tests of the handlers, with nothing but Node's own test runner. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { serve, startTestSystem, type TestSystem } from "@tandem/runtime/testing";
import { greetingSent } from "./generated/events/greeting-sent/event.ts";
import { greeter } from "./generated/services/greeter.ts";
import { greeterHandlers } from "./handlers.ts";

let system: TestSystem;

beforeEach(async () => {
  const schema = new URL("./schema.sql", import.meta.url);
  system = await startTestSystem({ services: [serve(greeter, { handlers: greeterHandlers, schema })] });
});
afterEach(() => system.stop());

test("a greeting is remembered", async () => {
  await system.publish(greetingSent, { name: "world", words: "Hello" }, { correlationId: "greet-1" });
  await system.settled();
  const { rows } = await system.database(greeter).query("select name, words from greeting");
  assert.deepEqual(rows, [{ name: "world", words: "Hello" }]);
  assert.equal(
    String(await system.story("greet-1")),
    ["greet-1", "  greetings.sent v1 by test, key world", "    greeter v1 handled"].join("\n"),
  );
});

test("a second greeting of one name fails until it is given up", async () => {
  await system.publish(greetingSent, { name: "world", words: "Hello" });
  await system.publish(greetingSent, { name: "world", words: "Hello again" });
  await system.clock.advance(300_000);
  await system.settled();
  assert.equal(system.retried().length, 4);
  const [letter, ...others] = await system.deadLettered();
  assert.deepEqual(others, []);
  assert.equal(letter?.code, "HANDLER_FAILED");
});
