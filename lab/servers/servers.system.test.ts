import { createServer } from "node:net";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { natsProcessForTest } from "../testing/servers.ts";
import { freePort, listenOnLoopback } from "./free-port.ts";
import { withoutLogin } from "./named-servers.ts";
import { startServers } from "./servers.ts";

const nats = await natsProcessForTest({
  config:
    "accounts { WITH: { jetstream: enabled, users: [{ user: with, password: p }] }, WITHOUT: { users: [{ user: without, password: p }] } }",
});
const { databaseUrl } = inject("servers");
const natsUrl = nats.url.replace("//", "//with:p@");
const nobody = async () => `127.0.0.1:${await freePort()}`;

/** A server that greets as a nats-server does, and does no more. */
async function natsThatSays(info: object): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write(
      `INFO ${JSON.stringify({ server_id: "X", max_payload: 1_048_576, proto: 1, headers: true, ...info })}\r\n`,
    );
    socket.on("data", (data) => data.includes("PING") && socket.write("PONG\r\n"));
  });
  onTestFinished(() => void server.close());
  return `nats://127.0.0.1:${await listenOnLoopback(server)}`;
}

describe("startServers with servers that are named", () => {
  it("uses them, and neither starts nor stops any", async () => {
    const servers = await startServers({ natsUrl, databaseUrl });
    expect(servers).toMatchObject({ natsUrl, databaseUrl, nats: undefined, postgres: undefined });
    await servers.stop();
    const again = await startServers({ natsUrl, databaseUrl });
    await again.stop();
  });

  it("names the variable of a server that does not answer, and never the login", async () => {
    const natsAddress = await nobody();
    const databaseAddress = await nobody();
    const started = startServers({
      natsUrl: `nats://me:secret@${natsAddress}`,
      databaseUrl: `postgres://me:secret@${databaseAddress}/x`,
    });
    await expect(started).rejects.toMatchObject({
      code: "SERVER_UNUSABLE",
      message: [
        `NATS_URL names nats://${natsAddress}, which cannot be used: connection refused. Correct NATS_URL, or unset it to use an embedded NATS server.`,
        `DATABASE_URL names postgres://${databaseAddress}/x, which cannot be used: connect ECONNREFUSED ${databaseAddress}. Correct DATABASE_URL, or unset it to use an embedded PostgreSQL.`,
      ].join("\n"),
    });
  });

  it("refuses a NATS server that is too old, or that has no JetStream", async () => {
    const old = await natsThatSays({ version: "2.10.27", jetstream: true });
    await expect(startServers({ natsUrl: old, databaseUrl })).rejects.toThrow(
      "it is nats-server 2.10.27, and 2.12.1 or newer is needed",
    );
    const plain = await natsThatSays({ version: "2.15.0" });
    await expect(startServers({ natsUrl: plain, databaseUrl })).rejects.toThrow(
      "it runs without JetStream; start it with --jetstream",
    );
    const account = nats.url.replace("//", "//without:p@");
    await expect(startServers({ natsUrl: account, databaseUrl })).rejects.toThrow("it gives this login no JetStream");
  });

  it("says how a URL is written when it is not one", async () => {
    await expect(startServers({ natsUrl: "http://somewhere", databaseUrl })).rejects.toThrow(
      /NATS_URL .* has the scheme http/,
    );
  });
});

it("withoutLogin hides every login", () => {
  expect(withoutLogin("nats://a:b@one:4222,nats://c@two")).toBe("nats://one:4222,nats://two");
  expect(withoutLogin("postgres://a:p%40ss@host/db?x=1@2")).toBe("postgres://host/db?x=1@2");
});
