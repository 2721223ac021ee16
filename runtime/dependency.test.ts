import { setImmediate as turn, setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createDependency } from "./dependency.ts";
import { PermanentError } from "./errors.ts";

const patient = { timeoutMs: 1_000, retries: 0, breakAfter: 3, halfOpenAfterMs: 60_000 };
const fails = async (): Promise<never> => Promise.reject(new Error("connection refused"));

/** Lets so much time pass that an open breaker lets one attempt through. */
function waitForHalfOpen(): void {
  vi.setSystemTime(Date.now() + patient.halfOpenAfterMs);
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

describe("a dependency", () => {
  it("answers what the call answers, after retries if need be", async () => {
    const gateway = createDependency("gateway", { ...patient, retries: 2, breakAfter: 5 });
    let calls = 0;
    const answer = await gateway.call(async () => {
      calls += 1;
      if (calls < 3) throw new Error("not yet");
      return "charged";
    });
    expect([answer, calls, gateway.state]).toEqual(["charged", 3, "closed"]);
  });

  it("is left alone after failures in a row, without being called, until one attempt is let through", async () => {
    const gateway = createDependency("gateway", patient);
    await expect(gateway.call(fails)).rejects.toThrow("connection refused");
    await expect(gateway.call(fails)).rejects.toThrow("connection refused");
    await expect(gateway.call(fails)).rejects.toMatchObject({ code: "DEPENDENCY_DOWN" });
    expect([gateway.state, gateway.lastFailure]).toEqual(["open", "connection refused"]);
    let calls = 0;
    const count = async (): Promise<number> => (calls += 1);
    await expect(gateway.call(count)).rejects.toMatchObject({
      code: "DEPENDENCY_DOWN",
      message: expect.stringMatching(/^gateway is left alone until 20\S+Z: connection refused$/),
      dependency: "gateway",
      until: Date.now() + patient.halfOpenAfterMs,
    });
    expect(calls).toBe(0);
    waitForHalfOpen();
    await expect(gateway.call(fails)).rejects.toMatchObject({ code: "DEPENDENCY_DOWN" });
    expect(gateway.state).toBe("open");
    waitForHalfOpen();
    expect(await gateway.call(count)).toBe(1);
    expect(gateway.state).toBe("closed");
  });

  it("lets one attempt through when many wait for it", async () => {
    const gateway = createDependency("gateway", { ...patient, breakAfter: 1 });
    await expect(gateway.call(fails)).rejects.toMatchObject({ code: "DEPENDENCY_DOWN" });
    waitForHalfOpen();
    let calls = 0;
    const attempts = Array.from({ length: 10 }, async () =>
      gateway.call(async () => {
        calls += 1;
        await turn();
        throw new Error("still down");
      }),
    );
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.every(({ status }) => status === "rejected")).toBe(true);
    expect(calls).toBe(1);
  });

  it("says that it did not answer in time, whether the attempt listens to its signal or not", async () => {
    const gateway = createDependency("gateway", { ...patient, timeoutMs: 20, breakAfter: 10 });
    const timeout = { code: "DEPENDENCY_TIMEOUT", message: "gateway did not answer within 20 ms." };
    await expect(gateway.call(async () => new Promise(() => undefined))).rejects.toMatchObject(timeout);
    await expect(gateway.call(async (signal) => pause(5_000, undefined, { signal }))).rejects.toMatchObject(timeout);
  });

  it("is not blamed for an answer, however unwelcome", async () => {
    const gateway = createDependency("gateway", { ...patient, retries: 3, breakAfter: 1 });
    let calls = 0;
    const declined = async (): Promise<never> => {
      calls += 1;
      throw new PermanentError("declined");
    };
    await expect(gateway.call(declined)).rejects.toThrow("declined");
    expect([calls, gateway.state]).toEqual([1, "closed"]);
  });
});
