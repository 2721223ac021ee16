import { describe, expect, it } from "vitest";
import { ManualClock } from "./manual-clock.ts";

describe("a clock that a test moves", () => {
  it("begins at the time of the machine and stands still until it is advanced", async () => {
    const before = Date.now();
    const clock = new ManualClock();
    const start = clock.now();
    expect(start).toBeGreaterThanOrEqual(before);
    expect(start).toBeLessThanOrEqual(Date.now());
    await clock.advance(0);
    expect(clock.now()).toBe(start);
    await clock.advance(1_500);
    expect(clock.now()).toBe(start + 1_500);
  });

  it("wakes sleepers in the order of their times, each at its time, and those of one time as they fell asleep", async () => {
    const clock = new ManualClock(0);
    const woken: [string, number][] = [];
    const sleeper = async (name: string, ms: number) => {
      await clock.sleep(ms);
      woken.push([name, clock.now()]);
    };
    const all = [sleeper("late", 30), sleeper("first", 10), sleeper("second", 10), sleeper("later", 31)];
    await clock.advance(30);
    expect(woken).toEqual([
      ["first", 10],
      ["second", 10],
      ["late", 30],
    ]);
    expect(clock.sleeping).toBe(1);
    await clock.advance(1);
    await Promise.all(all);
    expect(woken.at(-1)).toEqual(["later", 31]);
  });

  it("lets a woken task sleep again within the same advance, as often as it fits", async () => {
    const clock = new ManualClock(0);
    const ticks: number[] = [];
    const stop = new AbortController();
    const ticking = (async () => {
      while (!stop.signal.aborted) {
        await clock.sleep(1_000, stop.signal);
        ticks.push(clock.now());
      }
    })();
    await clock.advance(3_500);
    expect(ticks).toEqual([1_000, 2_000, 3_000]);
    await clock.advance(500);
    expect(ticks).toEqual([1_000, 2_000, 3_000, 4_000]);
    stop.abort();
    await ticking;
  });

  it("counts in who fell asleep just before it was advanced", async () => {
    const clock = new ManualClock(0);
    let woken = false;
    const task = Promise.resolve()
      .then(() => Promise.resolve())
      .then(() => clock.sleep(5))
      .then(() => (woken = true));
    await clock.advance(5);
    await task;
    expect(woken).toBe(true);
  });

  it("ends a sleep at once when its signal aborts, and never rejects", async () => {
    const clock = new ManualClock(0);
    const stop = new AbortController();
    const sleeping = clock.sleep(1_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(1_000, stop.signal);
    await clock.sleep(0);
    await clock.sleep(-1);
    expect([clock.now(), clock.sleeping]).toEqual([0, 0]);
  });

  it("waits for rest before each step, and stands where it was when there is none", async () => {
    const clock = new ManualClock(0);
    const seen: number[] = [];
    const withdraw = clock.whenMoved(async () => void seen.push(clock.now()));
    void clock.sleep(10);
    void clock.sleep(20);
    await clock.advance(25);
    expect(seen).toEqual([0, 10, 20]);
    withdraw();
    clock.whenMoved(async () => {
      throw new Error("no rest");
    });
    await expect(clock.advance(5)).rejects.toThrow("no rest");
    expect(clock.now()).toBe(25);
  });

  it("does one advance after the other", async () => {
    const clock = new ManualClock(0);
    const woken: number[] = [];
    void clock.sleep(15).then(() => woken.push(clock.now()));
    await Promise.all([clock.advance(10), clock.advance(10)]);
    expect([clock.now(), woken]).toEqual([20, [15]]);
  });

  it("does not go back", async () => {
    await expect(new ManualClock(0).advance(-1)).rejects.toThrow("0 or more milliseconds, not -1");
  });
});
