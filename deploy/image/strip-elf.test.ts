import { execFileSync } from "node:child_process";
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { stripElf } from "./strip-elf.ts";

/** A header, one segment of four bytes behind it, and then what nothing loads. */
function program(): Buffer {
  const bytes = Buffer.alloc(64 + 56 + 4 + 100, 0xee).fill(0, 0, 64 + 56 + 4);
  bytes.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  bytes.writeBigUInt64LE(64n, 0x20);
  bytes.writeBigUInt64LE(150n, 0x28);
  bytes.writeUInt16LE(56, 0x36);
  bytes.writeUInt16LE(1, 0x38);
  bytes.writeUInt16LE(7, 0x3c);
  bytes.writeUInt16LE(6, 0x3e);
  bytes.writeBigUInt64LE(120n, 64 + 0x08);
  bytes.writeBigUInt64LE(4n, 64 + 0x20);
  bytes.write("code", 120);
  return bytes;
}

describe("a stripped program", () => {
  it("ends with what is loaded, and names no section", () => {
    const stripped = stripElf(program());
    expect(stripped).toHaveLength(124);
    expect(stripped.subarray(120).toString()).toBe("code");
    expect([stripped.readBigUInt64LE(0x28), stripped.readUInt16LE(0x3c), stripped.readUInt16LE(0x3e)]).toEqual([
      0n,
      0,
      0,
    ]);
  });

  it("stays as it is when it is stripped again", () => {
    const once = stripElf(program());
    expect(stripElf(once)).toEqual(once);
  });

  it.each(["#!/bin/sh", "", "\u007fELF\u0001\u0001"])("is refused where it is none: %j", (text) => {
    expect(() => stripElf(Buffer.from(text.padEnd(64, "\0"), "latin1"))).toThrow("no program for Linux");
  });

  it.runIf(process.platform === "linux")("runs as before, and is smaller", async () => {
    const file = join(await scratchDirectory(), "node");
    const whole = readFileSync(process.execPath);
    const stripped = stripElf(whole);
    writeFileSync(file, stripped);
    chmodSync(file, 0o755);
    const ask =
      "console.log(JSON.stringify([process.versions, crypto.randomUUID().length, new Intl.NumberFormat('de').format(1.5)]))";
    const answers = [process.execPath, file].map((node) => execFileSync(node, ["-e", ask], { encoding: "utf8" }));
    expect(answers[1]).toBe(answers[0]);
    expect(stripped.length).toBeLessThanOrEqual(whole.length);
  });
});
