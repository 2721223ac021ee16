/** Servers that are older than what is needed, or say that they are not while others of their cluster are. */
import { createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { openAdmin } from "./admin.ts";

/** Something that greets like a nats-server of a version, and answers for JetStream with an API level. */
async function greeter(version: string, level?: number): Promise<string> {
  const server = createServer((socket) => {
    let said = "";
    let inbox = "1";
    const info = { server_id: "X", version, proto: 1, go: "go", host: "127.0.0.1", port: 4222, headers: true };
    socket.write(`INFO ${JSON.stringify({ ...info, max_payload: 1_024, client_id: 1 })}\r\n`);
    socket.setEncoding("utf8").on("data", (text) => {
      said += String(text);
      const lines = said.split("\r\n");
      said = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "PING") socket.write("PONG\r\n");
        const [, sid] = /^SUB \S+ (\d+)$/.exec(line) ?? [];
        inbox = sid ?? inbox;
        const [, reply] = /^PUB \$JS\.API\.INFO (\S+) \d+$/.exec(line) ?? [];
        if (reply === undefined) continue;
        const answer = JSON.stringify({
          type: "account_info",
          memory: 0,
          storage: 0,
          api: { level, total: 1, errors: 0 },
        });
        socket.write(`MSG ${reply} ${inbox} ${answer.length}\r\n${answer}\r\n`);
      }
    });
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? `nats://127.0.0.1:${address.port}` : "";
}

it("a server says its version and is refused with what it lacks", async () => {
  await expect(openAdmin({ servers: [await greeter("2.10.27", 0)] })).rejects.toMatchObject({
    code: "BROKER_TOO_OLD",
    message: expect.stringMatching(
      /is 2\.10\.27; Tandem needs 2\.12\.1 or newer.* It has no pauses of durables \(2\.11\.0\), no priority groups/,
    ),
  });
});

it.each([undefined, 1])("a new server in front of JetStream of level %s is refused too", async (level) => {
  await expect(openAdmin({ servers: [await greeter("2.15.1", level)] })).rejects.toMatchObject({
    code: "BROKER_TOO_OLD",
    message: expect.stringMatching(
      /is 2\.15\.1, and what answers for JetStream behind it has API level [01]; .*2\.12\.1 on every/,
    ),
  });
});

it("one whose JetStream is new enough is taken", async () => {
  const admin = await openAdmin({ servers: [await greeter("2.12.1", 2)] });
  expect(admin.server.version).toBe("2.12.1");
  await admin.close();
});
