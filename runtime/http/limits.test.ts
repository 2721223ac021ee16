import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { networkList } from "../settings/http-settings.ts";
import { closed, doorsForTest, everything } from "./door-for-test.ts";

const doors = doorsForTest();
afterEach(async () => doors.close());

const SMALL = { url: 200, headerCount: 12, headers: 1_024, body: 2_000 };
const GET = "GET / HTTP/1.1\r\nhost: x\r\n";

describe("a request beyond a limit", () => {
  it.each([
    ["a long path", `GET /${"x".repeat(300)} HTTP/1.1\r\nhost: x\r\n`, 414, "URL_TOO_LONG", "url"],
    ["a long query", `GET /?${"x".repeat(300)} HTTP/1.1\r\nhost: x\r\n`, 414, "URL_TOO_LONG", "url"],
    ["a long query for metrics", `GET /metrics?${"x".repeat(300)} HTTP/1.1\r\nhost: x\r\n`, 414, "URL_TOO_LONG", "url"],
    ["many headers", `${GET}${"a: b\r\n".repeat(20)}`, 431, "HEADERS_TOO_LARGE", "headers"],
    ["one header more than are read", `${GET}${"a: b\r\n".repeat(11)}`, 431, "HEADERS_TOO_LARGE", "headers"],
    ["large headers", `${GET}a: ${"b".repeat(2_000)}\r\n`, 431, "HEADERS_TOO_LARGE", "headers"],
    ["a long body", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2001\r\n", 413, "BODY_TOO_LARGE", "body"],
  ])("%s", async (_, head, status, code, reason) => {
    const door = await doors.open(SMALL);
    const [headers = "", body = ""] = (await everything(door, `${head}connection: close\r\n\r\n`)).split("\r\n\r\n");
    expect(headers).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(headers.toLowerCase()).toContain("content-type: application/problem+json");
    const problem: unknown = JSON.parse(body);
    const [, id] = /x-request-id: ([\da-f-]{36})/.exec(headers) ?? [];
    expect(id).toBeDefined();
    expect(problem).toMatchObject({ status, code, request_id: id, detail: expect.any(String) });
    expect(doors.refused).toEqual([reason]);
  });

  it("is let in when it is just within", async () => {
    const door = await doors.open(SMALL);
    const head = `POST /${"x".repeat(199)} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 2000\r\n`;
    const text = await everything(door, `${head}${"a: b\r\n".repeat(9)}\r\n${"b".repeat(2_000)}`);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
    expect(doors.refused).toEqual([]);
  });
});

describe("a caller that is slow on purpose", () => {
  const slow = { headersTimeoutMs: 200, requestTimeoutMs: 400 };

  it.each([
    ["with its headers", `${GET}a: `, "x"],
    ["with its first line", "GET /", "x"],
    ["with its body", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 999\r\n\r\nabc", "x"],
    ["with everything after the connection", "G", ""],
  ])("%s is answered 408 and its connection ends, however it trickles", async (_, begun, trickle) => {
    const door = await doors.open(slow, (request) => void request.resume());
    const socket = connect(door.port, "127.0.0.1");
    let text = "";
    socket.on("data", (chunk) => (text += String(chunk)));
    socket.write(begun);
    const trickling = setInterval(() => socket.write(trickle), 50);
    await closed(socket);
    clearInterval(trickling);
    expect(text).toMatch(/^HTTP\/1\.1 408 .*"code":"REQUEST_TIMEOUT"/s);
    expect(doors.refused).toEqual(["timeout"]);
  });

  it("keeps nobody else out", async () => {
    const door = await doors.open(slow);
    const sockets = Array.from({ length: 50 }, () => connect(door.port, "127.0.0.1"));
    for (const socket of sockets) socket.write(GET);
    const ends = sockets.map(async (socket) => closed(socket.resume()));
    expect(await (await fetch(door.url)).text()).toBe("in");
    await Promise.all(ends);
    expect(doors.refused).toHaveLength(50);
  });
});

describe("as many as are taken", () => {
  it("connections: the next is closed, and one that ends makes room", async () => {
    const door = await doors.open({ connections: 1 });
    const held = connect(door.port, "127.0.0.1");
    held.write(`${GET}\r\n`);
    await once(held, "data");
    expect(await everything(door, `${GET}\r\n`)).toBe("");
    held.end();
    await closed(held);
    expect(await everything(door, `${GET}connection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200/);
  });

  it("requests in hand: the next is told when to come again, health is answered, one that ends makes room", async () => {
    const { promise: arrived, resolve: arrive } = Promise.withResolvers<void>();
    let finish = (): void => undefined;
    const door = await doors.open({ requests: 1 }, (request, response) => {
      if (request.url !== "/slow") return void response.end("in");
      finish = () => response.end("done");
      arrive();
    });
    const first = fetch(`${door.url}/slow`);
    await arrived;
    const second = await fetch(door.url);
    expect([second.status, second.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(await second.json()).toMatchObject({ code: "BUSY" });
    expect((await fetch(`${door.url}/health/ready`)).status).toBe(200);
    finish();
    expect(await (await first).text()).toBe("done");
    expect((await fetch(door.url)).status).toBe(200);
    expect(doors.refused).toEqual(["busy"]);
  });

  it("requests of one client: the next is told when to come again, and health and metrics are not counted", async () => {
    const door = await doors.open({ rate: 1, trustedProxies: networkList(["127.0.0.1"]) });
    const from = async (client: string) => fetch(door.url, { headers: { "x-forwarded-for": client } });
    const answers = await Promise.all(Array.from({ length: 20 }, async () => from("203.0.113.9")));
    const refusal = answers.find(({ status }) => status === 429);
    expect(Number(refusal?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await refusal?.json()).toMatchObject({ code: "RATE_LIMITED" });
    expect((await from("203.0.113.10")).status).toBe(200);
    for (const path of ["/health/live", "/health/ready", "/metrics"])
      expect((await fetch(door.url + path, { headers: { "x-forwarded-for": "203.0.113.9" } })).status).toBe(200);
    expect(new Set(doors.refused)).toEqual(new Set(["rate"]));
  });
});
