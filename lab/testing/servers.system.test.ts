import { describe, expect, it } from "vitest";
import { withJetStream } from "../servers/jetstream-session.ts";
import { queryOnce } from "../servers/postgres-database.ts";
import { databaseForTest, natsForTest, natsServerForTest } from "./servers.ts";
import { deleteStreams, refuseUsedServer } from "./shared-nats.ts";

describe("natsForTest", async () => {
  const nats = await natsForTest();

  it("gives a server without streams", async () => {
    await expect(refuseUsedServer(nats.url)).resolves.toBeUndefined();
  });
});

describe("databaseForTest", async () => {
  const [one, other] = [await databaseForTest(), await databaseForTest()];

  it("gives empty databases, each another", async () => {
    await queryOnce(one.url, "CREATE TABLE mine ()");
    expect(await queryOnce(other.url, "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toEqual([]);
    expect(await queryOnce(one.url, "SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace")).toHaveLength(
      1,
    );
  });
});

describe("a server that NATS_URL names", async () => {
  const server = await natsServerForTest();

  it("is refused while it holds streams, by name, and is empty again after deleteStreams", async () => {
    await withJetStream(server.url, async ({ jetstream }) => {
      const { streams } = await jetstream();
      for (const name of ["ORDERS", "STOCK"]) await streams.add({ name, subjects: [name] });
    });
    await expect(refuseUsedServer(server.url)).rejects.toThrow(
      /^NATS_URL points at a server that already holds streams \(ORDERS, STOCK at nats:\/\/\S*\); tests need an empty one\./,
    );
    await deleteStreams(server.url);
    await expect(refuseUsedServer(server.url)).resolves.toBeUndefined();
  });
});
