import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, it } from "vitest";
import { describeSettings, readSettings, refuseFaults } from "./read-settings.ts";
import { runtimeSettings } from "./runtime-settings.ts";
import * as setting from "./setting.ts";

const declared = {
  COUNT: setting.integer({ description: "How many.", min: 1, max: 10, default: 3, unit: "things" }),
  MODE: setting.choice({ description: "Which way.", of: ["fast", "safe"] }),
  DRY: setting.flag({ description: "Only look.", default: false }),
  GATEWAY: setting.url({ description: "Where.", protocols: ["http:", "https:"] }),
  KEY: setting.secret({ description: "The key." }),
  NAME: setting.optional(setting.text({ description: "A name." })),
};
const good = { MODE: "safe", GATEWAY: "https://me:pw@gateway.example/x", KEY: "k" };

describe("settings", () => {
  it("have the values of the environment or their defaults, in the types that they declare", () => {
    const { values, faults } = readSettings(declared, { ...good, COUNT: "7", OTHER: "ignored" });
    expect(faults).toEqual([]);
    expect(values).toEqual({ COUNT: 7, MODE: "safe", DRY: false, GATEWAY: good.GATEWAY, KEY: "k", NAME: undefined });
    expectTypeOf(values.MODE).toEqualTypeOf<"fast" | "safe">();
    expectTypeOf(values.COUNT).toEqualTypeOf<number>();
    expectTypeOf(values.NAME).toEqualTypeOf<string | undefined>();
  });

  it("take an empty variable for one that is not set", () => {
    const { values, faults } = readSettings(declared, { ...good, COUNT: "", NAME: "", KEY: "" });
    expect(values).toMatchObject({ COUNT: 3, NAME: undefined });
    expect(faults).toEqual(["KEY is not set: The key."]);
  });

  it("report every problem by the name of the variable, and show no secret", () => {
    const { faults } = readSettings(declared, {
      COUNT: "11",
      MODE: "slow",
      DRY: "yes",
      GATEWAY: "ftp://me:hunter2@x",
      KEY: "",
    });
    expect(faults).toEqual([
      'COUNT must be a whole number from 1 to 10, and is "11"',
      'MODE must be one of fast, safe, and is "slow"',
      'DRY must be true or false, and is "yes"',
      "GATEWAY must be a URL that starts with http:// or https://",
      "KEY is not set: The key.",
    ]);
    expect(() => refuseFaults(faults)).toThrow(
      expect.objectContaining({
        code: "CONFIG_INVALID",
        message: expect.stringMatching(/^5 settings are wrong:\n {2}COUNT .*\n {2}MODE /),
      }),
    );
    expect(() => refuseFaults([])).not.toThrow();
  });

  it("take a secret from the file that its variable with _FILE names, without the end of the line", () => {
    const folder = mkdtempSync(join(tmpdir(), "tandem-settings-"));
    try {
      const [key, url, empty] = ["key", "url", "empty"].map((name) => join(folder, name));
      writeFileSync(key ?? "", "hunter2\n");
      writeFileSync(url ?? "", "https://me:hunter2@gateway.example\r\n");
      writeFileSync(empty ?? "", "\n");
      const { values, faults } = readSettings(declared, { MODE: "safe", KEY_FILE: key, GATEWAY_FILE: url });
      expect(faults).toEqual([]);
      expect(values).toMatchObject({ KEY: "hunter2", GATEWAY: "https://me:hunter2@gateway.example" });

      // What is no secret has no file, and a wrong file is one fault, which shows nothing of it.
      const wrong = readSettings(declared, { MODE_FILE: key, GATEWAY_FILE: key, KEY: "k", KEY_FILE: key });
      expect(wrong.faults).toEqual([
        "KEY_FILE and KEY are both set: use one of them",
        "MODE is not set: Which way.",
        "GATEWAY must be a URL that starts with http:// or https://",
      ]);
      const missing = readSettings(declared, { MODE: "safe", GATEWAY_FILE: empty, KEY_FILE: join(folder, "none") });
      expect(missing.faults).toEqual([
        `GATEWAY_FILE names a file that is empty: ${empty}`,
        expect.stringMatching(/^KEY_FILE cannot be read: ENOENT.*none/),
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(["1.5", "0x10", "1e3", " 4", "NaN", "١", "4; rm"])("do not take %j for a number", (value) => {
    expect(readSettings(declared, { ...good, COUNT: value }).faults).toHaveLength(1);
  });

  it("are described with their defaults, units and what they decide", () => {
    const lines = describeSettings(declared).split("\n");
    expect(lines[1]).toMatch(/^COUNT +3 +things +How many\.$/);
    expect(lines[2]).toMatch(/^MODE +\(required\) +fast \| safe +Which way\.$/);
    expect(lines).toHaveLength(7);
  });
});

describe("the runtime's settings", () => {
  const runtime = runtimeSettings({ httpPort: 3000 });

  it("need nothing but the database", () => {
    const { values, faults } = readSettings(runtime, { DATABASE_URL: "postgres://order@/orders?host=/run/postgresql" });
    expect(faults).toEqual([]);
    expect(values).toMatchObject({
      NATS_URL: ["nats://127.0.0.1:4222"],
      HTTP_HOST: "127.0.0.1",
      HTTP_PORT: 3000,
      LOG_LEVEL: "info",
    });
    expect(readSettings(runtime, {}).faults).toEqual([expect.stringMatching(/^DATABASE_URL is not set: /)]);
  });

  it("say what is wrong with the address of a server, without its password", () => {
    const { faults } = readSettings(runtime, { DATABASE_URL: "db:5432", NATS_URL: "nats://a:4222,http://u:hunter2@b" });
    expect(faults).toHaveLength(2);
    expect(faults.join("\n")).toMatch(/NATS_URL is wrong: .*scheme http/);
    expect(faults.join("\n")).not.toContain("hunter2");
  });

  it("open the log file to see whether it can be written", () => {
    const directory = mkdtempSync(join(tmpdir(), "tandem-settings-"));
    try {
      const file = join(directory, "service.json");
      const env = { DATABASE_URL: "postgres://db/x" };
      expect(readSettings(runtime, { ...env, LOG_FILE: file }).faults).toEqual([]);
      expect(readFileSync(file, "utf8")).toBe("");
      expect(readSettings(runtime, { ...env, LOG_FILE: directory }).faults).toEqual([
        expect.stringMatching(/^LOG_FILE cannot be written: EISDIR/),
      ]);
      expect(readSettings(runtime, { ...env, LOG_FILE: join(directory, "no", "x") }).faults).toEqual([
        expect.stringMatching(/^LOG_FILE cannot be written: ENOENT/),
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
