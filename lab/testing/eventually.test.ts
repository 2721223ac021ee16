import { describe, expect, it } from "vitest";
import { eventually } from "./eventually.ts";

describe("eventually", () => {
  it("asks until the check neither throws nor says false, and returns what it returned", async () => {
    const answers = [
      () => expect.fail("not yet"),
      () => false as const,
      () => Promise.reject(new Error("nor yet")),
      () => 0,
    ];
    expect(await eventually(() => answers.shift()?.(), { intervalMs: 1 })).toBe(0);
    expect(answers).toEqual([]);
  });

  it("rejects at the deadline with the last error", async () => {
    let count = 0;
    const failing = eventually(
      () => {
        count++;
        throw new Error(`no row, check ${count}`);
      },
      { deadlineMs: 30, intervalMs: 5 },
    );
    await expect(failing).rejects.toThrow(/^Not within 30 ms \(checks: (\d+)\)\. The last one: no row, check \1$/);
    await expect(failing).rejects.toMatchObject({ cause: { message: `no row, check ${count}` } });
  });

  it("says when a check only ever returned false", async () => {
    await expect(eventually(() => false, { deadlineMs: 10, intervalMs: 1 })).rejects.toThrow(
      "The last one: the check returned false",
    );
  });

  it("rejects at the deadline when a check does not come back", async () => {
    let first = true;
    const check = () => {
      if (!first) return new Promise<never>(() => {});
      first = false;
      throw new Error("the first answer");
    };
    await expect(eventually(check, { deadlineMs: 20, intervalMs: 1 })).rejects.toThrow(
      "The last one: the first answer",
    );
    await expect(eventually(() => new Promise<never>(() => {}), { deadlineMs: 10 })).rejects.toThrow(
      "no check has come back",
    );
  });
});
