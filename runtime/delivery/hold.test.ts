import { describe, expect, it } from "vitest";
import { systemClock } from "../clock.ts";
import { PermanentError, TandemError } from "../errors.ts";
import { holdWhileUnavailable } from "./hold.ts";

const away = new TandemError("DATABASE_DOWN", "away");
const never = new AbortController().signal;

describe("a hold", () => {
  it("runs again while something is unavailable, and answers what the run answers", async () => {
    const delays: number[] = [];
    const answer = await holdWhileUnavailable(
      async (round) => {
        if (round < 2) throw away;
        return `round ${round}`;
      },
      { clock: systemClock, stopping: never, onHold: (_, delayMs = 0) => delays.push(delayMs) },
    );
    expect(answer).toBe("round 2");
    expect(delays).toHaveLength(2);
    expect(delays[0]).toBeGreaterThanOrEqual(125);
    expect(delays[0]).toBeLessThanOrEqual(250);
    expect(delays[1]).toBeGreaterThanOrEqual(250);
  });

  it("is not for failures of the run itself", async () => {
    let rounds = 0;
    const run = async (): Promise<never> => {
      rounds += 1;
      throw new PermanentError("no");
    };
    await expect(
      holdWhileUnavailable(run, { clock: systemClock, stopping: never, onHold: () => undefined }),
    ).rejects.toThrow("no");
    expect(rounds).toBe(1);
  });

  it("ends with what caused it when the process stops", async () => {
    const stopping = new AbortController();
    const held = holdWhileUnavailable(async () => Promise.reject(away), {
      clock: systemClock,
      stopping: stopping.signal,
      onHold: () => stopping.abort(),
    });
    await expect(held).rejects.toBe(away);
  });
});
