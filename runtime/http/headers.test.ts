import { afterEach, describe, expect, it } from "vitest";
import { networkList } from "../settings/http-settings.ts";
import { doorsForTest, everything } from "./door-for-test.ts";

const doors = doorsForTest();
afterEach(async () => doors.close());

const SAFE = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

describe("the id of a request", () => {
  it.each([
    ["a good one", "req-7:a/b+c=", true],
    ["one with a space", "a b", false],
    ["one that is too long", "x".repeat(129), false],
    ["one that would be markup", "<script>", false],
    ["one that is empty", "", false],
  ])("%s is kept or replaced, for its route, in its answer and in the log", async (_, given, kept) => {
    const seen: unknown[] = [];
    const door = await doors.open({}, ({ headers }, response) => {
      seen.push(headers["x-request-id"]);
      response.end("in");
    });
    const answer = await fetch(door.url, { headers: { "x-request-id": given } });
    await answer.text();
    const id = answer.headers.get("x-request-id");
    expect(id === given).toBe(kept);
    expect(id).toMatch(/^\S{1,128}$/);
    expect(seen).toEqual([id]);
    await expect.poll(() => doors.lines).toMatchObject([{ msg: "answered", requestId: id, status: 200 }]);
  });

  it("is in the answer and the log of a route that fails, and nothing else of the failure is in the answer", async () => {
    const door = await doors.open({}, () => {
      throw new Error("select password from users -- at /srv/app/db.ts:7");
    });
    const answer = await fetch(door.url, { headers: { "x-request-id": "me" } });
    expect([answer.status, await answer.json()]).toEqual([
      500,
      {
        type: "about:blank",
        title: "Internal Server Error",
        status: 500,
        code: "INTERNAL",
        detail: "The service failed; its log says why, under this request id.",
        request_id: "me",
      },
    ]);
    expect(doors.lines).toContainEqual(expect.objectContaining({ msg: "a request failed", requestId: "me" }));
  });
});

describe("what a browser is told", () => {
  it.each([
    ["a route", "GET /orders HTTP/1.1\r\nhost: x\r\n"],
    ["health", "GET /health/live HTTP/1.1\r\nhost: x\r\n"],
    ["metrics, with a method that is none of theirs", "POST /metrics HTTP/1.1\r\nhost: x\r\n"],
    ["no host", "GET / HTTP/1.1\r\n"],
    ["an expectation", "GET / HTTP/1.1\r\nhost: x\r\nexpect: tea\r\n"],
    ["no HTTP", "nonsense\r\n"],
    ["a tunnel", "CONNECT x:1 HTTP/1.1\r\nhost: x\r\n"],
  ])("is in the answer to %s", async (_, head) => {
    const text = await everything(await doors.open(), `${head}connection: close\r\n\r\n`);
    const [lines = ""] = text.split("\r\n\r\n");
    const headers = Object.fromEntries(lines.split("\r\n").map((line) => line.toLowerCase().split(": ", 2)));
    const folded = Object.fromEntries(Object.entries(SAFE).map(([name, value]) => [name, value.toLowerCase()]));
    expect(headers).toMatchObject({ ...folded, "x-request-id": expect.stringMatching(/^[\da-f-]{36}$/) });
    expect(headers).not.toHaveProperty("strict-transport-security");
    expect(headers).not.toHaveProperty("x-powered-by");
    expect(headers).not.toHaveProperty("server");
  });

  it("says to come by TLS where a trusted proxy says that it got the request by TLS, and nowhere else", async () => {
    const https = { headers: { "x-forwarded-proto": "https" } };
    const stranger = await doors.open({ hstsSeconds: 60 });
    const proxied = await doors.open({ hstsSeconds: 60, trustedProxies: networkList(["127.0.0.0/8"]) });
    const said = async (url: string, init?: RequestInit) =>
      (await fetch(url, init)).headers.get("strict-transport-security");
    expect(await said(stranger.url, https)).toBeNull();
    expect(await said(proxied.url)).toBeNull();
    expect(await said(proxied.url, https)).toBe("max-age=60");
  });
});

describe("pages of other origins", () => {
  const preflight = {
    method: "OPTIONS",
    headers: {
      origin: "https://shop.example",
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type, idempotency-key",
    },
  };

  it("may not call, unless their origin is named", async () => {
    for (const origins of [[], ["https://other.example"]]) {
      const answer = await fetch((await doors.open({ origins })).url, preflight);
      expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, null]);
    }
  });

  it("may call when it is, without credentials", async () => {
    const door = await doors.open({ origins: ["https://shop.example"] });
    const asked = await fetch(door.url, preflight);
    expect([asked.status, Object.fromEntries(asked.headers)]).toEqual([
      204,
      expect.objectContaining({
        "access-control-allow-origin": "https://shop.example",
        "access-control-allow-methods": "POST",
        "access-control-allow-headers": "content-type, idempotency-key",
        vary: "origin",
      }),
    ]);
    expect(asked.headers.has("access-control-allow-credentials")).toBe(false);
    const called = await fetch(door.url, { headers: { origin: "https://shop.example" } });
    expect(called.headers.get("access-control-allow-origin")).toBe("https://shop.example");
    const health = await fetch(`${door.url}/health/live`, { headers: { origin: "https://shop.example" } });
    expect(health.headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("the document of the routes", () => {
  it("is served with a tag, and not again to who has it", async () => {
    const openapi = { openapi: "3.1.1", info: { title: "Orders", version: "1" } };
    const door = await doors.open({}, undefined, {
      answers: {
        metrics: async () => ({ type: "text/plain", text: "" }),
        ready: async () => ({ ready: true, body: {} }),
        openapi,
      },
    });
    const url = `${door.url}/openapi.json`;
    const answer = await fetch(url);
    expect([answer.status, answer.headers.get("content-type"), answer.headers.get("cache-control")]).toEqual([
      ...[200, "application/openapi+json;version=3.1", "no-cache"],
    ]);
    expect(await answer.json()).toEqual(openapi);
    const etag = answer.headers.get("etag") ?? "";
    const again = await fetch(url, { headers: { "if-none-match": `"other", W/${etag}` } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
    expect((await fetch(url, { method: "HEAD" })).headers.get("etag")).toBe(etag);
  });

  it("is a path like any other where there is none", async () => {
    const door = await doors.open();
    expect(await (await fetch(`${door.url}/openapi.json`)).text()).toBe("in");
  });
});
