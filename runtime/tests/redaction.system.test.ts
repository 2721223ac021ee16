/** Marked values in every place that is sensitive, through a whole flow at the lowest log level: no mark comes out. */
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { PermanentError } from "../errors.ts";
import { hide, hiding } from "../redaction/hidden-values.ts";
import * as setting from "../settings/setting.ts";
import { cause, rigsForTests } from "./things-rig.ts";

const nats = await natsForTest();
const database = await databaseForTest();
const openRig = rigsForTests();

const mark = (place: string): string => `MARK-${place}-${randomUUID()}`;

it("a secret, and what the contract marks, is in no log line, no answer and no reason of a dead letter", async () => {
  const directory = await mkdtemp(join(tmpdir(), "tandem-redaction-"));
  const natsUrl = new URL(nats.url);
  natsUrl.username = mark("nats-user");
  natsUrl.password = mark("nats-password");
  const key = mark("key");
  const settings = { GATEWAY_KEY: setting.secret({ description: "The key of a gateway." }) };
  const env = (name: string) => ({
    NATS_URL: natsUrl.href,
    GATEWAY_KEY: key,
    LOG_LEVEL: "trace",
    LOG_FILE: join(directory, `${name}.log`),
  });
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url }, { hidesNote: true });

  const taker = await rig.startTaker(
    async ({ thing_id, note = "" }, { log, tx }) => {
      log.trace({ note, body: { nested: [note] } }, `taking ${thing_id}: ${note}`);
      if (thing_id === "fails") throw new Error(`cannot take ${note}`, { cause: new Error(`because of ${note}`) });
      if (thing_id === "permanent") throw new PermanentError(`never: ${JSON.stringify({ note })}`);
      if (thing_id === "database") await tx.query("select $1::uuid", [note]);
      if (thing_id === "constraint") {
        await tx.query("create temporary table notes (note text check (note = '')) on commit drop");
        await tx.query("insert into notes values ($1)", [note]);
      }
      if (thing_id === "key") throw new PermanentError(`the gateway does not know ${key}`);
    },
    { env: env("taker") },
  );
  const maker = await rig.startMaker({
    settings,
    env: env("maker"),
    http:
      ({ transact, log }) =>
      (request, response) =>
        void hiding(async () => {
          const note = String(request.headers["x-note"]);
          hide(["/note"], { note });
          log.trace({ headers: request.headers, url: request.url }, `asked with ${request.headers.authorization}`);
          try {
            if (request.url === "/broken") throw new Error(`no idea what ${note} is, nor ${key}`);
            await transact(cause, async ({ publish }) =>
              publish.thingMade({
                thing_id: (request.url ?? "").slice(1),
                count: request.url === "/invalid" ? -1 : 1,
                note,
              }),
            );
            response.end("made");
          } catch (error) {
            log.error({ err: error, note }, "a request failed");
            response.writeHead(500).end("failed");
          }
        }),
  });

  const answers: string[] = [];
  const ways = ["good", "fails", "permanent", "database", "constraint", "key", "invalid", "broken"];
  for (const way of ways) {
    const answer = await fetch(`${maker.url}/${way}`, {
      headers: {
        authorization: `Bearer ${mark("bearer")}`,
        cookie: `session=${mark("cookie")}`,
        "x-api-key": mark("api-key"),
        "x-note": mark("note"),
      },
    });
    answers.push(await answer.text(), JSON.stringify([...answer.headers]));
  }
  // What no publisher of ours lets out: a body that the schema refuses, and one that is no JSON.
  await rig.publishRaw({ version: "v1", thing_id: "x", count: "none", note: mark("refused") }, headersOf());
  await rig.publishRaw(Buffer.from(`{"note": "${mark("no-json")}`), headersOf());
  await rig.settled();
  for (const path of ["/health/ready", "/metrics"])
    for (const { url } of [maker, taker]) answers.push(await (await fetch(url + path)).text());

  const letters = await rig.deadLetters();
  const reasons = letters.map(({ headers }) => headers["dlq-error"] ?? "");
  await Promise.all([maker.stop(), taker.stop()]);
  const logs = await Promise.all(
    ["maker", "taker"].map(async (name) => readFile(join(directory, `${name}.log`), "utf8")),
  );
  await rm(directory, { recursive: true });

  // Everything happened and was told.
  expect(letters.map(({ headers }) => headers["dlq-code"] ?? "").toSorted()).toEqual(
    [
      "VALUE_REFUSED",
      "PERMANENT",
      "HANDLER_FAILED",
      "HANDLER_FAILED",
      "PERMANENT",
      "EVENT_INVALID",
      "BODY_NOT_JSON",
    ].toSorted(),
  );
  expect(reasons).toContain("cannot take [redacted]");
  expect(reasons).toContain("the gateway does not know [redacted]");
  const said = logs.join("");
  for (const line of [
    "taking good: [redacted]",
    "asked with Bearer [redacted]",
    "no idea what [redacted] is, nor [redacted]",
  ])
    expect(said).toContain(line);
  expect(said.match(/"level":"trace"/g)?.length).toBeGreaterThan(10);
  for (const line of said.trimEnd().split("\n")) expect(() => void JSON.parse(line)).not.toThrow();
  // And no mark came out of it.
  expect([...said.matchAll(/.{0,80}MARK-.{0,80}/g)].map(String)).toEqual([]);
  expect(answers.filter((text) => text.includes("MARK-"))).toEqual([]);
  for (const { headers } of letters)
    expect(Object.entries(headers).filter(([, value]) => value.includes("MARK-"))).toEqual([]);
});

function headersOf() {
  return {
    "ce-id": randomUUID(),
    "ce-type": "things.made.v1",
    "ce-source": "stranger",
    "ce-time": "2026-01-02T03:04:05Z",
    "correlation-id": "c",
  };
}
