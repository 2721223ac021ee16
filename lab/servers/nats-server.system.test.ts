import { existsSync } from "node:fs";
import { join } from "node:path";
import { jetstream, StorageType } from "@nats-io/jetstream";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { natsProcessForTest } from "../testing/servers.ts";
import { withJetStream } from "./jetstream-session.ts";
import { type NatsServerOptions, startNatsServer } from "./nats-server.ts";
import { inject } from "vitest";

const start = (options: NatsServerOptions = {}) => {
  const { natsBinary } = inject("servers");
  return startNatsServer({ ...(natsBinary !== null && { binary: natsBinary }), ...options });
};

async function publish(url: string, text: string): Promise<void> {
  await withJetStream(url, async ({ connection, jetstream: manager }) => {
    await (await manager()).streams.add({ name: "THINGS", subjects: ["things"], storage: StorageType.File });
    await jetstream(connection).publish("things", text);
  });
}

const countMessages = (url: string) =>
  withJetStream(url, async ({ jetstream: manager }) => (await (await manager()).streams.info("THINGS")).state.messages);

describe("startNatsServer", () => {
  it("gives a server on the loopback interface alone, with JetStream and monitoring", async () => {
    await using server = await start();
    expect(server.url).toBe(`nats://127.0.0.1:${server.port}`);
    const variables: unknown = await (await fetch(`${server.monitoringUrl}/varz`)).json();
    expect(variables).toMatchObject({
      host: "127.0.0.1",
      http_host: "127.0.0.1",
      jetstream: { config: { store_dir: join(server.directory, "store", "jetstream") } },
    });
  });

  it("keeps its messages and its URLs when it is killed, and when it is restarted", async () => {
    await using server = await start();
    const { url, monitoringUrl, pid } = server;
    await publish(url, "kept");
    await server.kill();
    await expect(countMessages(url)).rejects.toThrow("connection refused");
    await server.restart();
    expect(server).toMatchObject({ url, monitoringUrl });
    expect(server.pid).not.toBe(pid);
    expect(await countMessages(url)).toBe(1);
    await server.restart();
    expect(await countMessages(url)).toBe(1);
  });

  it("removes its own directory at the end, once", async () => {
    const server = await start();
    expect(existsSync(server.directory)).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    expect(existsSync(server.directory)).toBe(false);
    await expect(server.restart()).rejects.toThrow("stopped for good");
  });

  it("keeps a directory that it was given, and what is in it", async () => {
    const directory = join(await scratchDirectory(), "nats");
    const first = await start({ directory });
    await publish(first.url, "kept");
    await first.stop();
    await using second = await start({ directory });
    expect(await countMessages(second.url)).toBe(1);
  });

  it("takes further configuration", async () => {
    await using server = await start({ config: 'authorization { user: ada, password: "s3cret" }' });
    await expect(withJetStream(server.url, async () => {})).rejects.toThrow(/authorization violation/i);
    const url = server.url.replace("nats://", "nats://ada:s3cret@");
    await expect(withJetStream(url, async ({ jetstream: manager }) => void (await manager()))).resolves.toBeUndefined();
  });

  it("says what the server says when it does not start, and leaves nothing", async () => {
    const directory = await scratchDirectory();
    await expect(start({ directory, config: "port: {" })).rejects.toMatchObject({
      code: "SERVER_NOT_STARTED",
      message: expect.stringMatching(/^nats-server did not start: exit code 1\. The end of its log: .*parse error/i),
    });
    await expect(start({ binary: "/nowhere/nats-server" })).rejects.toMatchObject({ code: "SERVER_NOT_STARTED" });
  });
});

describe("natsProcessForTest", async () => {
  const server = await natsProcessForTest({ config: "max_payload: 1234" });

  it("is a server of the file's own", async () => {
    expect(await withJetStream(server.url, async ({ connection }) => connection.info?.max_payload)).toBe(1234);
  });
});
