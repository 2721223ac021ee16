import { describe, expect, it } from "vitest";
import { createSlots, type ReleaseSlot } from "./slots.ts";

const never = new AbortController().signal;

async function taken(slot: Promise<ReleaseSlot | undefined>): Promise<ReleaseSlot> {
  const release = await slot;
  if (release === undefined) throw new Error("no slot was given");
  return release;
}

/** Whether a promise has settled once everything that could settle it has run. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await new Promise((resolve) => setImmediate(resolve));
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending;
}

describe("slots", () => {
  it("lets as many in as there are, and the others in their order", async () => {
    const slots = createSlots(2);
    const first = await taken(slots.take(never));
    const second = await taken(slots.take(never));
    const third = slots.take(never);
    const fourth = slots.take(never);
    expect(await isSettled(third)).toBe(false);
    second();
    expect(await isSettled(third)).toBe(true);
    expect(await isSettled(fourth)).toBe(false);
    first();
    expect(await isSettled(fourth)).toBe(true);
  });

  it("counts a slot once that is given back twice", async () => {
    const slots = createSlots(1);
    const release = await taken(slots.take(never));
    release();
    release();
    await taken(slots.take(never));
    expect(await isSettled(slots.take(never))).toBe(false);
  });

  it("gives none to who stops waiting, and that place to the next", async () => {
    const slots = createSlots(1);
    const release = await taken(slots.take(never));
    const impatient = new AbortController();
    const given = slots.take(impatient.signal);
    const next = slots.take(never);
    impatient.abort();
    expect(await given).toBeUndefined();
    release();
    expect(await next).toBeTypeOf("function");
    expect(await slots.take(impatient.signal)).toBeUndefined();
  });
});
