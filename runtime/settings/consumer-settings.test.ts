import { expect, it } from "vitest";
import { consumerSettings, servingClassOf, unheardClass } from "./consumer-settings.ts";
import { readSettings } from "./read-settings.ts";

const classOf = (env: Readonly<Record<string, string>>) => servingClassOf(readSettings(consumerSettings(), env).values);

it("serves first unless said otherwise, and refuses classes that no server knows", () => {
  expect(classOf({})).toEqual({ priority: 0, overflowPending: 0, overflowAckPending: 0 });
  expect(readSettings(consumerSettings(), { CONSUMER_PRIORITY: "10", CONSUMER_OVERFLOW_PENDING: "-1" }).faults).toEqual(
    [
      'CONSUMER_PRIORITY must be a whole number from 0 to 9, and is "10"',
      'CONSUMER_OVERFLOW_PENDING must be a whole number from 0 to 1000000000, and is "-1"',
    ],
  );
});

it("says when a class changes nothing, since no event is read with that policy", () => {
  const second = classOf({ CONSUMER_PRIORITY: "1", CONSUMER_OVERFLOW_PENDING: "100" });
  expect(unheardClass(second, ["prioritized", "overflow", undefined])).toBeUndefined();
  expect(unheardClass(second, ["prioritized"])).toMatch(/^CONSUMER_OVERFLOW_PENDING: no event of this service/);
  expect(unheardClass(second, [undefined])).toMatch(/^CONSUMER_PRIORITY, CONSUMER_OVERFLOW_PENDING: /);
  expect(unheardClass(classOf({}), [])).toBeUndefined();
});
