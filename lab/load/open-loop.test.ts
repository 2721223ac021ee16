import { expect, it } from "vitest";
import { openLoop } from "./open-loop.ts";

/** A clock that a sleeper moves, and more than he asked for when he is told to oversleep. */
function clockOf(oversleepMs = 0) {
  let time = 1_000;
  return {
    now: () => time,
    sleep: async (ms: number) => {
      time += ms + oversleepMs;
    },
    move: (ms: number) => {
      time += ms;
    },
  };
}

it("sends each at its time, whether or not an earlier one was answered", async () => {
  const clock = clockOf();
  const answers: (() => void)[] = [];
  const sent: [number, number][] = [];
  const latencies: number[] = [];
  const run = openLoop({
    ...{ rate: 10, count: 5, now: clock.now, sleep: clock.sleep },
    send: async (_, intendedAt) => {
      sent.push([intendedAt, clock.now()]);
      if (sent.length === 5) for (const answer of answers) answer();
      else await new Promise<void>((resolve) => answers.push(resolve));
    },
    onDone: (_, latencyMs) => void latencies.push(latencyMs),
  });
  await run;
  expect(sent).toEqual([1_000, 1_100, 1_200, 1_300, 1_400].map((at) => [at, at]));
  // Nobody was answered before the last one came.
  expect(latencies.toSorted((one, other) => one - other)).toEqual([0, 100, 200, 300, 400]);
});

it("measures from when a request was to start, and not from when it did", async () => {
  const clock = clockOf(350);
  const latencies: number[] = [];
  await openLoop({
    ...{ rate: 10, count: 5, now: clock.now, sleep: clock.sleep },
    send: async () => clock.move(5),
    onDone: (_, latencyMs) => void latencies.push(latencyMs),
  });
  // The first sleep was 350 ms too long: those that were due meanwhile go at once, and show it.
  expect(latencies).toHaveLength(5);
  expect(Math.max(...latencies)).toBeGreaterThanOrEqual(350);
  expect(latencies.filter((ms) => ms > 100).length).toBeGreaterThanOrEqual(3);
});

it("sends no more when it is told to stop, and waits for what is on its way", async () => {
  const clock = clockOf();
  const stop = new AbortController();
  let done = 0;
  await openLoop({
    ...{ rate: 10, count: 100, now: clock.now, sleep: clock.sleep, signal: stop.signal },
    send: async (index) => {
      if (index === 2) stop.abort();
      await Promise.resolve();
    },
    onDone: () => {
      done += 1;
    },
  });
  expect(done).toBe(3);
});
