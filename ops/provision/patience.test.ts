import { TandemError } from "@tandem/runtime";
import { expect, it } from "vitest";
import { OpsError } from "../error.ts";
import { withPatience } from "./patience.ts";

/** Fails with these errors, one a try, and then answers how often it was tried. */
function failing(...errors: readonly Error[]): () => Promise<number> {
  let tries = 0;
  return async () => {
    const error = errors[tries++];
    if (error !== undefined) throw error;
    return tries;
  };
}

function patience(waitMs: number) {
  let time = 0;
  const problems: string[] = [];
  const sleep = async (ms: number) => void (time += ms);
  return { problems, waitMs, onProblem: (problem: string) => void problems.push(problem), now: () => time, sleep };
}

it("tries until it works, and says each problem once", async () => {
  const [refused, starting] = [new Error("connect ECONNREFUSED"), new Error("the database system is starting up")];
  const given = patience(10_000);
  expect(await withPatience(failing(refused, refused, starting), given)).toBe(4);
  expect(given.problems).toEqual([refused.message, starting.message]);
});

it("ends with the last problem when the time is over", async () => {
  const down = new TandemError("BROKER_UNREACHABLE", "nobody answers");
  await expect(withPatience(failing(down, down, down, down, down), patience(1_000))).rejects.toBe(down);
  await expect(withPatience(failing(down), patience(0))).rejects.toBe(down);
});

it.each([
  new OpsError("Nothing was changed, because not everything can be."),
  new TandemError("CONFIG_INVALID", "NATS_URL is wrong"),
  new TandemError("BROKER_TOO_OLD", "2.9"),
  Object.assign(new Error("password authentication failed"), { code: "28P01" }),
])("does not wait for what time does not mend: $message", async (error) => {
  const given = patience(10_000);
  await expect(withPatience(failing(error), given)).rejects.toBe(error);
  expect(given.problems).toEqual([]);
});
