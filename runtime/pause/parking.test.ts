import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Parking, type Turn } from "./parking.ts";

const never = new AbortController().signal;

/** Parks under a name, and notes when it is let go. */
function parkAll(parking: Parking, names: readonly string[], gone: string[], turns = new Map<string, Turn>()) {
  for (const name of names)
    void parking.park(never).then((given) => {
      gone.push(name);
      turns.set(name, given);
    });
  return turns;
}

describe("parking", () => {
  it("sends one at a time, and the one that comes back stands behind the others", async () => {
    const parking = new Parking();
    const gone: string[] = [];
    const turns = parkAll(parking, ["first", "second"], gone);
    const sent = parking.sendOne();
    await turn();
    expect([gone, parking.size, parking.inHand]).toEqual([["first"], 1, 2]);
    parkAll(parking, ["first again"], gone, turns);
    turns.get("first")?.over();
    await sent;
    const next = parking.sendOne();
    await turn();
    expect(gone).toEqual(["first", "second"]);
    turns.get("second")?.over();
    await next;
    expect([parking.size, parking.inHand]).toEqual([1, 1]);
  });

  it("lets all go at once when the way is free", async () => {
    const parking = new Parking();
    const gone: string[] = [];
    parkAll(parking, ["a", "b", "c"], gone);
    parking.openAll();
    await turn();
    expect([gone, parking.size]).toEqual([["a", "b", "c"], 0]);
  });

  it("keeps nobody when the process stops", async () => {
    const parking = new Parking();
    const stopping = new AbortController();
    const parked = parking.park(stopping.signal);
    stopping.abort();
    await parked;
    expect(parking.size).toBe(0);
    await parking.park(stopping.signal);
    await parking.sendOne();
  });
});
