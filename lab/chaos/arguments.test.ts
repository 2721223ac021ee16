import { expect, it } from "vitest";
import { UsageError } from "../../ops/usage-error.ts";
import { readArguments } from "./arguments.ts";
import type { Fault } from "./fault.ts";
import { FAULTS } from "./faults/all.ts";

const ROOTED: Fault = {
  ...{ name: "rooted", kind: "nats", says: "needs root", seconds: [1, 2], needs: "root" },
  aim: () => ({}),
  begin: () => Promise.reject(new Error("nothing is done here")),
};
const read = (argv: readonly string[], isRoot = true) => readArguments(argv, [...FAULTS, ROOTED], () => 42, isRoot);

it("has defaults: a seed by chance, three minutes, every fault", () => {
  const asked = read([]);
  expect(asked).toMatchObject({ seed: 42, runs: 1, minutes: 3, rate: 5, leftOut: [], list: false, out: undefined });
  expect(asked.faults).toHaveLength(FAULTS.length + 1);
});

it("takes a seed, minutes, a rate and some faults", () => {
  const asked = read(["--seed", "7", "--minutes", "0.5", "--rate", "20", "--only", "poison, kill-replica"]);
  expect(asked).toMatchObject({ seed: 7, minutes: 0.5, rate: 20 });
  expect(asked.faults.map(({ name }) => name)).toEqual(["kill-replica", "poison"]);
});

it("leaves out, and says so, what needs root where there is none", () => {
  const { faults, leftOut } = read([], false);
  expect(faults.map(({ needs }) => needs)).not.toContain("root");
  expect(leftOut).toEqual(["fill-nats-disk", "rooted"]);
  expect(() => read(["--only", "rooted"], false)).toThrow(/need root/);
});

it.each([
  [["--seed=-1"], /--seed/],
  [["--seed", "1.5"], /--seed is a whole number from 0 to 4294967295, not "1.5"/],
  [["--seed", "99999999999"], /--seed/],
  [["--minutes", "0"], /--minutes is a number from 0.5 to 1440, not "0"/],
  [["--minutes", "soon"], /--minutes/],
  [["--rate", "0"], /--rate/],
  [["--runs", "0"], /--runs is a whole number from 1 to 1000, not "0"/],
  [["--only", ""], /--only names ""/],
  [["--only", "kil-replica"], /Did you mean kill-replica\?$/],
  [["--only", "kill-replica,typo"], /--only names "typo", and there are: kill-replica, /],
])("refuses %j", (argv, words) => {
  expect(() => read(argv)).toThrow(words);
  expect(() => read(argv)).toThrow(UsageError);
});

it.each([["--sed"], ["stray"]])("refuses %s", (word) => {
  expect(() => read([word])).toThrow(TypeError);
});
