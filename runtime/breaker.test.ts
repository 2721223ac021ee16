import { describe, expect, it } from "vitest";
import { Breaker, type TryAnswer } from "./breaker.ts";
import type { Clock } from "./clock.ts";

const OPTIONS = { breakAfter: 2, halfOpenAfterMs: 60_000, timeoutMs: 1_000, counts: () => true };
const fails = async (): Promise<never> => Promise.reject(new Error("connection refused"));

/** A breaker in a time of its own, with a guard that answers as it is told and notes what it hears. */
function breakerForTest() {
  const time = { now: Date.parse("2030-01-01T00:00:00Z") };
  const clock: Clock = { now: () => time.now, sleep: async () => undefined };
  const breaker = new Breaker("gateway", OPTIONS, clock);
  const heard: string[] = [];
  const guard = { answer: "try" as TryAnswer };
  breaker.guardWith({
    opened: () => heard.push(`open until +${breaker.until - Date.parse("2030-01-01T00:00:00Z")}`),
    closed: () => heard.push("closed"),
    mayTry: async () => guard.answer,
  });
  const open = async (): Promise<void> => {
    for (let failure = 0; failure < OPTIONS.breakAfter; failure += 1) await breaker.run(fails).catch(() => undefined);
  };
  return { breaker, time, guard, heard, open };
}

describe("a breaker", () => {
  it("lives in the time of its clock, whatever the machine's is", async () => {
    const { breaker, time, heard, open } = breakerForTest();
    await open();
    time.now += OPTIONS.halfOpenAfterMs - 1;
    await expect(breaker.run(async () => "called")).rejects.toMatchObject({
      code: "DEPENDENCY_DOWN",
      until: time.now + 1,
    });
    time.now += 1;
    expect(await breaker.run(async () => "called")).toBe("called");
    expect([breaker.state, heard]).toEqual(["closed", ["open until +60000", "closed"]]);
  });

  it("is open for another window after a try that failed, and remembers since when", async () => {
    const { breaker, time, heard, open } = breakerForTest();
    await open();
    const since = time.now;
    time.now += OPTIONS.halfOpenAfterMs;
    await breaker.run(fails).catch(() => undefined);
    expect([breaker.state, breaker.since, breaker.until]).toEqual(["open", since, since + 120_000]);
    expect(heard).toEqual(["open until +60000", "open until +120000"]);
  });

  it("does not call when another process tries, or has found out", async () => {
    const { breaker, time, guard, open } = breakerForTest();
    await open();
    time.now += OPTIONS.halfOpenAfterMs;
    guard.answer = { until: time.now + 500 };
    await expect(breaker.run(async () => "called")).rejects.toMatchObject({ until: time.now + 500 });
    time.now += 500;
    guard.answer = "closed";
    expect(await breaker.run(async () => "called")).toBe("called");
    expect(breaker.state).toBe("closed");
  });

  it("opens and closes with the others, without a call and without telling them", async () => {
    const { breaker, time, heard } = breakerForTest();
    await breaker.hearOpen(time.now + 5_000, "503, over there");
    await expect(breaker.run(async () => "called")).rejects.toMatchObject({
      message: "gateway is left alone until 2030-01-01T00:00:05.000Z: 503, over there",
    });
    await breaker.hearClosed();
    expect([breaker.state, heard]).toEqual(["closed", ["closed"]]);
    // It starts again from nothing: one failure does not open it.
    await breaker.run(fails).catch(() => undefined);
    expect(breaker.state).toBe("closed");
  });
});
