import { connect } from "node:net";
import { once } from "node:events";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { openDoor, type Answered, type Door, type DoorOptions } from "./door.ts";

const doors: Door[] = [];
const answers: DoorOptions["answers"] = {
  metrics: async () => ({ type: "text/plain", text: "a 1\n" }),
  ready: async () => ({ ready: false, body: { status: "not ready" } }),
};

async function open(
  changes: Partial<DoorOptions["answers"]> = {},
  more: Pick<DoorOptions, "onAnswered"> = {},
): Promise<Door> {
  const door = await openDoor({
    host: "127.0.0.1",
    port: 0,
    answers: { ...answers, ...changes },
    log: pino({ level: "silent" }),
    ...more,
  });
  doors.push(door);
  return door;
}

afterEach(async () => {
  await Promise.all(doors.splice(0).map(async (door) => door.close()));
});

describe("the door", () => {
  it("answers liveness whatever else is wrong", async () => {
    const failing = async (): Promise<never> => Promise.reject(new Error("broken"));
    const door = await open({ ready: failing, metrics: failing });
    expect((await fetch(`${door.url}/health/live`)).status).toBe(200);
    const ready = await fetch(`${door.url}/health/ready`);
    expect([ready.status, (await ready.text()).includes("broken")]).toEqual([500, false]);
    expect((await fetch(`${door.url}/metrics`)).status).toBe(500);
  });

  it("answers a listener that throws, and goes on", async () => {
    const door = await open();
    door.serve(() => {
      throw new Error("broken");
    });
    const answer = await fetch(`${door.url}/orders`);
    expect(answer.status).toBe(500);
    expect(await answer.json()).toMatchObject({ code: "INTERNAL", status: 500 });
    expect((await fetch(`${door.url}/health/live`)).status).toBe(200);
  });

  it("gives the service its own paths while it serves, and no others", async () => {
    const door = await open();
    expect((await fetch(`${door.url}/orders`)).status).toBe(503);
    door.serve((request, response) => response.end(request.url));
    expect(await (await fetch(`${door.url}/orders?a=1`)).text()).toBe("/orders?a=1");
    expect(await (await fetch(`${door.url}/healthy`)).text()).toBe("/healthy");
    expect(await (await fetch(`${door.url}/metrics?x`)).text()).toBe("a 1\n");
    await door.refuse();
    const refused = await fetch(`${door.url}/orders`);
    expect([refused.status, refused.headers.get("connection")]).toEqual([503, "close"]);
    door.serve((_, response) => response.end("again"));
    expect((await fetch(`${door.url}/orders`)).status).toBe(503);
    expect((await fetch(`${door.url}/health/ready`)).status).toBe(503);
  });

  it("does not wait for a caller that went away", async () => {
    const door = await open();
    let arrived = (): void => undefined;
    const request = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    door.serve(() => arrived());
    const socket = connect(door.port, "127.0.0.1");
    socket.write("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
    await request;
    const refused = door.refuse();
    socket.destroy();
    await expect(refused).resolves.toBeUndefined();
  });

  it("tells of every request that is over, but for those of its own paths", async () => {
    const over: Omit<Answered, "seconds">[] = [];
    const door = await open({}, { onAnswered: ({ method, status }) => over.push({ method, status }) });
    await fetch(`${door.url}/orders`, { method: "POST" });
    let arrived = (): void => undefined;
    const waiting = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    door.serve(({ url }, response) => (url === "/slow" ? arrived() : void response.writeHead(204).end()));
    await fetch(`${door.url}/orders`);
    for (const path of ["/health/live", "/health/ready", "/metrics"]) await (await fetch(door.url + path)).text();
    const socket = connect(door.port, "127.0.0.1");
    socket.write("GET /slow HTTP/1.1\r\nhost: x\r\n\r\n");
    await waiting;
    socket.destroy();
    await eventually(() => {
      expect(over).toEqual([
        { method: "POST", status: 503 },
        { method: "GET", status: 204 },
        { method: "GET", status: undefined },
      ]);
    });
  });

  it("survives what is not HTTP", async () => {
    const door = await open();
    for (const [bytes, detail] of [
      ["\u0000\u0001 nonsense\r\n\r\n", "The method is none that HTTP knows."],
      ["BREW / HTTP/1.1\r\nhost: x\r\n\r\n", "The method is none that HTTP knows."],
      ["GET / HTTP/1.1\r\nhost: x\r\nno header\r\n\r\n", "This is not HTTP as RFC 9112 has it."],
    ] as const) {
      const socket = connect(door.port, "127.0.0.1");
      socket.write(bytes);
      const [answer] = await once(socket, "data");
      expect(String(answer)).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n.*"code":"REQUEST_MALFORMED"/s);
      expect(String(answer)).toContain(detail);
      socket.destroy();
    }
    expect((await fetch(`${door.url}/health/live`)).status).toBe(200);
  });

  it("writes nothing into an answer that has begun, nor after the last one", async () => {
    const door = await open();
    door.serve((request, response) => {
      if (request.url === "/last") return void response.writeHead(200, { connection: "close" }).end("last");
      response.writeHead(200, { "content-length": 10 }).write("begun");
    });
    for (const [path, expected] of [
      ["/begun", "begun"],
      ["/last", "last"],
    ]) {
      const socket = connect(door.port, "127.0.0.1");
      let text = "";
      socket.on("data", (chunk) => {
        if (text === "") socket.write("nonsense\r\n\r\n");
        text += String(chunk);
      });
      socket.on("error", () => undefined);
      socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
      await once(socket, "close");
      expect(text).toMatch(new RegExp(`^HTTP/1\\.1 200 OK\r\n.*${expected}`, "s"));
      expect(text).not.toContain("REQUEST_MALFORMED");
    }
  });

  it("says that an address cannot be had", async () => {
    const door = await open();
    const again = openDoor({ host: "127.0.0.1", port: door.port, answers, log: pino({ level: "silent" }) });
    await expect(again).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("something else listens there"),
    });
    const nowhere = openDoor({ host: "192.0.2.1", port: 0, answers, log: pino({ level: "silent" }) });
    await expect(nowhere).rejects.toMatchObject({
      code: "CONFIG_INVALID",
      message: expect.stringContaining("EADDRNOTAVAIL"),
    });
  });
});
