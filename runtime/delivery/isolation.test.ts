import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { createIsolation, type Isolation, type Leave, type Starts } from "./isolation.ts";

const never = new AbortController().signal;

/** Enters runs by name, and tells which of them are in, in the order in which they came in. */
function runsOf(isolation: Isolation) {
  const running = new Map<string, Leave>();
  return {
    async enter(name: string, starts: Starts, signal: AbortSignal = never): Promise<void> {
      void isolation.enter(starts, signal).then((leave) => leave && running.set(name, leave));
      await settle();
    },
    async leave(name: string): Promise<void> {
      running.get(name)?.();
      running.delete(name);
      await settle();
    },
    running: () => [...running.keys()],
  };
}

/** Until every promise that can settle has. */
async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe("isolation", () => {
  it("lets in at once what nothing speaks against, beside one suspect without starts", async () => {
    const runs = runsOf(createIsolation());
    await runs.enter("a", undefined);
    await runs.enter("suspect", 0);
    await runs.enter("b", undefined);
    expect(runs.running()).toEqual(["a", "suspect", "b"]);
  });

  it("lets suspects in one at a time, those with the fewest starts first, else as they came", async () => {
    const runs = runsOf(createIsolation());
    await runs.enter("first", 0);
    await runs.enter("killer", 2);
    await runs.enter("other killer", 1);
    await runs.enter("second", 0);
    await runs.enter("third", 0);
    const order: string[] = [];
    for (let turn = 0; turn < 5; turn += 1) {
      const [running = "", ...others] = runs.running();
      expect(others).toEqual([]);
      order.push(running);
      await runs.leave(running);
    }
    expect(order).toEqual(["first", "second", "third", "other killer", "killer"]);
  });

  it("keeps everything from beginning beside a suspect that has a start, which waits for what runs", async () => {
    const runs = runsOf(createIsolation());
    await runs.enter("a", undefined);
    await runs.enter("killer", 1);
    await runs.enter("b", undefined);
    expect(runs.running()).toEqual(["a"]);
    await runs.leave("a");
    expect(runs.running()).toEqual(["killer"]);
    await runs.enter("c", undefined);
    expect(runs.running()).toEqual(["killer"]);
    await runs.leave("killer");
    expect(runs.running()).toEqual(["b", "c"]);
  });

  it("does not stand still for one that hangs", async () => {
    const runs = runsOf(createIsolation(5));
    await runs.enter("hangs", undefined);
    await runs.enter("killer that hangs", 1);
    await runs.enter("a", undefined);
    await runs.enter("suspect", 0);
    await eventually(() => expect(runs.running().toSorted()).toEqual(["a", "hangs", "killer that hangs", "suspect"]));
    await runs.leave("suspect");
    await runs.leave("killer that hangs");
    await runs.enter("late", 0);
    expect(runs.running().toSorted()).toEqual(["a", "hangs", "late"]);
  });

  it("lets nobody in who was told to stop, and goes on with the others", async () => {
    const runs = runsOf(createIsolation());
    const stop = new AbortController();
    await runs.enter("a", undefined);
    await runs.enter("killer", 1, stop.signal);
    await runs.enter("b", undefined);
    stop.abort();
    await settle();
    expect(runs.running()).toEqual(["a", "b"]);
    await runs.enter("late", undefined, stop.signal);
    await runs.leave("a");
    expect(runs.running()).toEqual(["b"]);
  });
});
