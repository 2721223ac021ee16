import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { startNatsServer } from "../../lab/servers/nats-server.ts";
import { startPostgres } from "../../lab/servers/postgres.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { startService } from "../service/start-service.ts";
import * as setting from "../settings/setting.ts";
import { thingsContract } from "./things-contract.ts";
import { reasonsOf, rigsForTests } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();
const { taker } = thingsContract("Life");
const handlers = { thingMade: () => undefined };

describe("a service that cannot start", () => {
  it("lists everything that is wrong with its environment at once, and no secret", async () => {
    const started = startService(taker, {
      handlers,
      settings: {
        LIMIT: setting.integer({ description: "The limit of something.", min: 1, max: 9 }),
        TOKEN: setting.secret({ description: "A token." }),
      },
      env: {
        DATABASE_URL: "mysql://root:hunter2@db/x",
        HTTP_PORT: "eighty",
        LOG_LEVEL: "loud",
        LIMIT: "10",
        LOG_FILE: "/nowhere/at/all.log",
      },
    });
    const error = await started.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: "CONFIG_INVALID" });
    const text = String(error);
    for (const name of ["DATABASE_URL", "HTTP_PORT", "LOG_LEVEL", "LIMIT", "LOG_FILE", "TOKEN"])
      expect(text).toContain(`\n  ${name} `);
    expect(text).toContain('must be a whole number from 0 to 65535, and is "eighty"');
    expect(text).not.toContain("hunter2");
  });

  it("says that its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const env = { NATS_URL: nats.url, DATABASE_URL: database.url, HTTP_PORT: String(port), LOG_LEVEL: "silent" };
    await expect(startService(taker, { handlers, env })).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining(`127.0.0.1:${port}: something else listens there`),
    });
    other.close();
  });

  it("names the handlers that it lacks, and generated code of another time", async () => {
    const env = { DATABASE_URL: database.url, LOG_LEVEL: "silent" };
    const none = JSON.parse("{}");
    await expect(startService(taker, { handlers: none, env })).rejects.toMatchObject({
      code: "HANDLER_MISSING",
      message: expect.stringContaining("thingMade"),
    });
    const old = { ...taker, format: JSON.parse("2") };
    await expect(startService(old, { handlers, env })).rejects.toMatchObject({ code: "DESCRIPTOR_FORMAT" });
  });

  it("stops for good when PostgreSQL refuses its tables", async () => {
    const env = { NATS_URL: nats.url, DATABASE_URL: database.url, LOG_LEVEL: "silent" };
    const directory = await mkdtemp(join(tmpdir(), "tandem-schema-"));
    try {
      const schema = pathToFileURL(join(directory, "schema.sql"));
      await writeFile(schema, "create tabel x");
      const service = await startService(taker, { handlers, env, schema });
      await expect(service.ready).rejects.toMatchObject({ code: "SCHEMA_FAILED" });
      await expect(service.stopped).rejects.toMatchObject({ code: "SCHEMA_FAILED" });
      await expect(fetch(`${service.url}/health/live`)).rejects.toThrow("fetch failed");
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe("a service that starts before its servers", () => {
  it("is live, says what it waits for, and works as soon as they are there", async () => {
    await using postgres = await startPostgres({ fsync: false });
    await using ownNats = await startNatsServer();
    const rig = await openRig({ natsUrl: ownNats.url, databaseUrl: postgres.url });
    await postgres.kill();
    await ownNats.kill();
    const seen: string[] = [];
    const service = await rig.start(rig.contract.taker, {
      handlers: {
        thingMade: ({ thing_id }) => {
          seen.push(thing_id);
        },
      },
      http: () => (_, response) => response.end("own"),
    });
    expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    await eventually(async () => {
      const health = await fetch(`${service.url}/health`);
      expect(health.status).toBe(503);
      const reasons = await reasonsOf(health);
      expect(reasons.join("\n")).toMatch(
        /the service is starting and waits: PostgreSQL does not answer: .*ECONNREFUSED/,
      );
      expect(reasons.join("\n")).toMatch(/NATS is not connected yet, attempt \d+/);
    });
    const early = await fetch(`${service.url}/anything`);
    expect([early.status, early.headers.get("retry-after")]).toEqual([503, "1"]);
    await postgres.restart();
    await service.ready;
    await ownNats.restart();
    await rig.publishThing("late");
    await eventually(() => seen.length === 1);
    await eventually(async () => (await fetch(`${service.url}/health/ready`)).status === 200);
    expect(await (await fetch(`${service.url}/anything`)).text()).toBe("own");
  });
});
