import { connect, createServer, type Socket } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { listenOnLoopback } from "../../servers/free-port.ts";
import { openProxy } from "./tcp-proxy.ts";

/** Something that answers every line with the same line, behind a link. */
async function echoBehindLink() {
  const ends: Socket[] = [];
  const server = createServer((socket) => {
    ends.push(socket);
    socket.on("error", () => undefined);
    socket.pipe(socket);
  });
  const port = await listenOnLoopback(server);
  const link = await openProxy(() => port);
  onTestFinished(async () => {
    await link.close();
    for (const end of ends) end.destroy();
    server.close();
  });
  return { link, ends };
}

/** A client with what it heard so far. */
async function clientOf(port: number) {
  const socket = connect(port, "127.0.0.1");
  onTestFinished(() => void socket.destroy());
  const client = { socket, heard: "", closed: false };
  socket.setEncoding("utf8");
  socket.on("data", (text: string) => (client.heard += text));
  socket.on("error", () => undefined);
  socket.once("close", () => (client.closed = true));
  // Whoever is reset at once may never hear that it was connected.
  await new Promise<void>((resolve) => {
    socket.once("connect", resolve).once("close", () => resolve());
  });
  return client;
}

it("passes on what is said, in both directions", async () => {
  const { link } = await echoBehindLink();
  const client = await clientOf(link.port);
  client.socket.write("hello");
  await expect.poll(() => client.heard).toBe("hello");
});

it("resets what is connected when it is cut, and whatever connects then; open again, it passes on", async () => {
  const { link } = await echoBehindLink();
  const client = await clientOf(link.port);
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  link.set({ kind: "cut" });
  await expect.poll(() => client.closed).toBe(true);
  const late = await clientOf(link.port);
  await expect.poll(() => late.closed).toBe(true);
  link.set({ kind: "open" });
  const next = await clientOf(link.port);
  next.socket.write("b");
  await expect.poll(() => next.heard).toBe("b");
});

it("keeps what is said while it is frozen, and whoever connects, until it is open again", async () => {
  const { link, ends } = await echoBehindLink();
  const client = await clientOf(link.port);
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  link.set({ kind: "frozen" });
  client.socket.write("b");
  const late = await clientOf(link.port);
  late.socket.write("c");
  // Another link of the same kind has passed this on by then; this one has not.
  const other = await echoBehindLink();
  const witness = await clientOf(other.link.port);
  witness.socket.write("w");
  await expect.poll(() => witness.heard).toBe("w");
  expect([client.heard, client.closed, late.heard, late.closed, ends.length]).toEqual(["a", false, "", false, 1]);
  link.set({ kind: "open" });
  await expect.poll(() => [client.heard, late.heard]).toEqual(["ab", "c"]);
});

it("tells nobody while it is frozen that the other end has gone", async () => {
  const { link, ends } = await echoBehindLink();
  const client = await clientOf(link.port);
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  link.set({ kind: "frozen" });
  ends[0]?.resetAndDestroy();
  client.socket.write("b");
  const other = await echoBehindLink();
  const witness = await clientOf(other.link.port);
  witness.socket.write("w");
  await expect.poll(() => witness.heard).toBe("w");
  expect(client.closed).toBe(false);
  link.set({ kind: "open" });
  await expect.poll(() => client.closed).toBe(true);
});

it("carries to the far end what a deaf client says, and nothing back", async () => {
  const { link, ends } = await echoBehindLink();
  const client = await clientOf(link.port);
  client.socket.write("a");
  await expect.poll(() => client.heard).toBe("a");
  let arrived = "";
  ends[0]?.on("data", (data: Buffer) => (arrived += data.toString()));
  link.set({ kind: "deaf" });
  client.socket.write("b");
  await expect.poll(() => arrived).toBe("b");
  expect(client.heard).toBe("a");
  link.set({ kind: "open" });
  await expect.poll(() => client.heard).toBe("ab");
});

it("keeps the order of what it delays", async () => {
  const { link } = await echoBehindLink();
  const client = await clientOf(link.port);
  link.set({ kind: "slow", delayMs: 30 });
  client.socket.write("a");
  client.socket.write("b");
  link.set({ kind: "open" });
  client.socket.write("c");
  await expect.poll(() => client.heard).toBe("abc");
});

it("resets who connects while there is nobody to pass on to", async () => {
  const link = await openProxy(() => undefined);
  onTestFinished(() => link.close());
  const client = await clientOf(link.port);
  await expect.poll(() => client.closed).toBe(true);
});
