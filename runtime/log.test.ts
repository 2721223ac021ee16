import { describe, expect, it } from "vitest";
import { openLog } from "./log.ts";

describe("whoever hears the log", () => {
  it.each(["silent", "warn", "info"] as const)("gets lines of info and above when the level is %s", (level) => {
    const lines: { level: string; msg: string; service: string }[] = [];
    const log = openLog({ service: "maker", level, file: undefined, onLine: (line) => lines.push(JSON.parse(line)) });
    log.debug("no");
    log.info("yes");
    log.child({ durable: "d" }).error("this too");
    expect(lines).toMatchObject([
      { level: "info", msg: "yes", service: "maker" },
      { level: "error", msg: "this too", durable: "d" },
    ]);
  });
});
