import { describe, expect, it } from "vitest";
import type { Fault, FaultKind } from "./fault.ts";
import { FAULTS } from "./faults/all.ts";
import { createRandom } from "./random.ts";
import { drawSchedule, scheduleLines } from "./schedule.ts";

function fault(name: string, kind: FaultKind, seconds: Fault["seconds"] = [4, 8]): Fault {
  return {
    ...{ name, kind, says: name, seconds },
    aim: (random) => ({ on: random.between(1, 1_000) }),
    begin: () => Promise.reject(new Error("nothing is done here")),
  };
}

describe("a schedule", () => {
  it("is the same for the same seed, and another for another", () => {
    expect(drawSchedule(7, 3, FAULTS)).toEqual(drawSchedule(7, 3, FAULTS));
    expect(scheduleLines(drawSchedule(7, 3, FAULTS))).not.toEqual(scheduleLines(drawSchedule(8, 3, FAULTS)));
  });

  // Who reports a seed must be understood by whoever runs it, on any machine and with any later version that says so.
  it("of seed 1 is this one", () => {
    const planned = drawSchedule(1, 1, [fault("a", "nats"), fault("b", "link"), fault("c", "service")]).planned;
    expect(planned.map(({ at, forMs, fault: name, aim }) => [at, forMs, name, aim["on"]])).toMatchInlineSnapshot(`
      [
        [
          15000,
          5691,
          "b",
          475,
        ],
        [
          29153,
          6837,
          "a",
          274,
        ],
        [
          43585,
          7022,
          "c",
          436,
        ],
      ]
    `);
  });

  it.each([1, 2, 3, 4, 5])("of seed %i leaves quiet at the beginning, at the end, and between", (seed) => {
    const { planned, quietMs, lastsMs } = drawSchedule(seed, 5, FAULTS);
    expect(planned.length).toBeGreaterThan(10);
    expect(planned[0]?.at).toBe(quietMs);
    let end = 0;
    for (const { at, forMs, fault: name } of planned) {
      const kindOf = (wanted: string) => FAULTS.find((one) => one.name === wanted)?.kind;
      const beside = planned.filter(
        (other) => other.fault !== name && other.at < at + forMs && at < other.at + other.forMs,
      );
      expect(beside.length).toBeLessThan(2);
      for (const other of beside) expect(kindOf(other.fault)).not.toBe(kindOf(name));
      end = Math.max(end, at + forMs);
    }
    expect(lastsMs - end).toBeGreaterThanOrEqual(8_000);
  });

  it("gives every fault its turn before one comes again", () => {
    const faults = ["a", "b", "c", "d", "e"].map((name) => fault(name, "service"));
    const names = drawSchedule(3, 10, faults).planned.map((one) => one.fault);
    expect(names.length).toBeGreaterThan(10);
    for (let from = 0; from + 5 <= names.length; from += 5) expect(new Set(names.slice(from, from + 5)).size).toBe(5);
  });

  it("is empty where there is no time for a fault", () => {
    expect(drawSchedule(1, 0.5, [fault("long", "service", [60, 60])]).planned).toEqual([]);
  });
});

it("draws whole numbers of a range, both ends included, and every choice", () => {
  const random = createRandom(9);
  const drawn = new Set(Array.from({ length: 300 }, () => random.between(2, 5)));
  expect(drawn).toEqual(new Set([2, 3, 4, 5]));
  expect(new Set(Array.from({ length: 300 }, () => random.pick(["x", "y"])))).toEqual(new Set(["x", "y"]));
  expect(() => random.pick([])).toThrow("nothing to choose from");
  expect(new Set(random.shuffle([1, 2, 3, 4]))).toEqual(new Set([1, 2, 3, 4]));
});

it("has no two faults of one name", () => {
  expect(new Set(FAULTS.map(({ name }) => name)).size).toBe(FAULTS.length);
});
