import { connect } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { order } from "#generated/services/order.ts";
import { eventually } from "../../../lab/testing/eventually.ts";
import { FUZZ_TIMEOUT_MS, fuzzing } from "../../../lab/testing/fuzz.ts";
import { liveMegabytes } from "../../../lab/testing/live-memory.ts";
import { serviceDoorForTest } from "../../../lab/testing/service-door.ts";
import { serviceForTest } from "../../../lab/testing/service-harness.ts";
import { createDoor } from "../http.ts";
import { ITEMS } from "./door.ts";
import { hostileRequest } from "./hostile-arbitraries.ts";
import { sendBytes, type RawAnswer } from "./raw-http.ts";

const BODY_LIMIT = 4_096;
const MOST_GROWTH_MB = 96;
/** Refusals that the fuzz must have met, or it has tried nothing. */
const COMMON = [
  ...["BODY_NOT_JSON", "BODY_INVALID", "REQUEST_MALFORMED", "HEADERS_TOO_LARGE"],
  ...["PATH_INVALID", "NOT_FOUND", "METHOD_NOT_ALLOWED"],
];
/** Only how long a test waits before it closes its side of a request that may be no whole one. */
const PATIENCE_MS = 250;

const service = await serviceForTest(order, new URL("../schema.sql", import.meta.url));
const failures: unknown[] = [];
const log = new Proxy(service.log, {
  get: (real, name) => (name === "error" ? (line: unknown) => failures.push(line) : Reflect.get(real, name)),
});
const door = await serviceDoorForTest(
  await createDoor({ ...service, log }, { bodies: { bytes: BODY_LIMIT, jsonDepth: 32 }, deadlineSeconds: 900 }),
  log,
);

const JSON_TYPE = "Content-Type: application/json";

/** A request with a good body unless it is given another, and headers beside the ordinary ones. */
function post(headers: readonly string[] = [JSON_TYPE], body = JSON.stringify(ITEMS)): string {
  const lines = ["POST /orders HTTP/1.1", "Host: x", "Connection: close", ...headers];
  return `${lines.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

function expectRefusal(answer: RawAnswer | undefined, status: number, code: string): void {
  expect(answer).toMatchObject({ status, contentType: expect.stringMatching(/^application\/problem\+json/) });
  expect(JSON.parse(answer?.text ?? "")).toMatchObject({ status, code, detail: expect.any(String) });
}

/** The code of a refusal as it has to be, or its status where nothing else is sent; or what is wrong with the answer. */
function codeOf({ status, contentType, text }: RawAnswer): string {
  if (status < 400) return String(status);
  if (status >= 500 || !contentType.startsWith("application/problem+json") || /node_modules|\.ts:|    at /.test(text))
    return `wrong: ${status} ${contentType} ${text}`;
  // An answer to HEAD.
  if (text === "") return String(status);
  const problem: unknown = JSON.parse(text);
  const [, code = `wrong: ${text}`] = /"code":"([A-Z_]+)"/.exec(JSON.stringify(problem)) ?? [];
  return text.includes(`"status":${status},`) ? code : `wrong: ${status} ${text}`;
}

async function expectGoodOrder(): Promise<void> {
  expect((await sendBytes(door.port, post()))?.status).toBe(202);
}

describe("what Node would answer by itself", () => {
  it.each([
    ["no HTTP", "\0\u0001 nonsense\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["no host", "GET /orders/x HTTP/1.1\r\n\r\n", 400, "REQUEST_MALFORMED"],
    ["a header that is too large", post([`X: ${"x".repeat(20_000)}`]), 431, "HEADERS_TOO_LARGE"],
    ["too many headers", post(Array.from({ length: 3_000 }, () => "X: y")), 431, "HEADERS_TOO_LARGE"],
    ["two lengths", post(["Content-Length: 1"]), 400, "REQUEST_MALFORMED"],
    ["a length and chunks", post([JSON_TYPE, "Transfer-Encoding: chunked"]), 400, "REQUEST_MALFORMED"],
    ["a folded header", post(["X: a\r\n b"]), 400, "REQUEST_MALFORMED"],
    ["an expectation", post([JSON_TYPE, "Expect: tea"]), 417, "EXPECTATION_UNKNOWN"],
    ["a tunnel", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n", 405, "METHOD_NOT_ALLOWED"],
    ["less than its length", post().slice(0, -5), 400, "REQUEST_MALFORMED"],
  ])("%s is refused with a problem document", async (_, bytes, status, code) => {
    expectRefusal(await sendBytes(door.port, bytes, PATIENCE_MS), status, code);
    await expectGoodOrder();
  });
});

describe("a body that would be misread", () => {
  it.each([
    ["another charset", post([`${JSON_TYPE}; charset=utf-16`]), 415, "CONTENT_TYPE_UNSUPPORTED"],
    ["another charset, quoted", post([`${JSON_TYPE}; a=b; Charset = "latin1"`]), 415, "CONTENT_TYPE_UNSUPPORTED"],
    ["half a character", post(undefined, `{"items":[],"customer_id":"\\ud800"}`), 400, "BODY_INVALID"],
  ])("%s is refused", async (_, bytes, status, code) => {
    expectRefusal(await sendBytes(door.port, bytes), status, code);
  });

  it("is taken in UTF-8, however that is written", async () => {
    for (const charset of ["utf-8", '"UTF-8"', "utf8", "us-ascii"]) {
      expect((await sendBytes(door.port, post([`${JSON_TYPE}; charset=${charset}`])))?.status).toBe(202);
    }
  });

  it("is not taken for plain when its chunks are compressed", async () => {
    const body = JSON.stringify(ITEMS);
    const head = [
      "POST /orders HTTP/1.1",
      "Host: x",
      "Connection: close",
      JSON_TYPE,
      "Transfer-Encoding: gzip, chunked",
    ];
    const bytes = `${head.join("\r\n")}\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    expectRefusal(await sendBytes(door.port, bytes), 415, "CONTENT_ENCODING_UNSUPPORTED");
  });

  it("names half a character where it is", async () => {
    const answer = await sendBytes(door.port, post(undefined, JSON.stringify({ ...ITEMS, customer_id: "\udc00" })));
    expect(JSON.parse(answer?.text ?? "").errors).toEqual([
      { path: "/customer_id", message: "must not contain a lone surrogate" },
    ]);
  });
});

it("does not read a body to its end that has none", { timeout: FUZZ_TIMEOUT_MS }, async () => {
  const before = liveMegabytes();
  const socket = connect(door.port, "127.0.0.1");
  let answer = "";
  socket.on("data", (chunk) => (answer += chunk.toString()));
  socket.on("error", () => undefined);
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.write(`POST /orders HTTP/1.1\r\nHost: x\r\n${JSON_TYPE}\r\nTransfer-Encoding: chunked\r\n\r\n`);
  const chunk = `10000\r\n${" ".repeat(65_536)}\r\n`;
  const pour = (): void => {
    while (!socket.destroyed && socket.write(chunk));
  };
  socket.on("drain", pour);
  pour();
  await eventually(() => answer.includes("BODY_TOO_LARGE"));
  expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  await closed;
  expect(liveMegabytes() - before).toBeLessThan(MOST_GROWTH_MB);
  await expectGoodOrder();
});

it("serves others while callers leave their bodies unfinished", async () => {
  const sockets = Array.from({ length: 100 }, () => connect(door.port, "127.0.0.1"));
  for (const socket of sockets) {
    socket.on("error", () => undefined);
    socket.write(post().slice(0, -10));
  }
  await expectGoodOrder();
  for (const socket of sockets) socket.destroy();
  await expectGoodOrder();
});

it(
  "answers whatever comes below 500, refusals as problem documents, and stays as small as it was",
  { timeout: FUZZ_TIMEOUT_MS },
  async () => {
    const codes = new Map<string, number>();
    let before: number | undefined;
    const batch = fc.array(hostileRequest, { minLength: 1, maxLength: 100, size: "max" });
    const property = fc.asyncProperty(batch, async (requests) => {
      const answers = await Promise.all(requests.map(async (bytes) => sendBytes(door.port, bytes, PATIENCE_MS)));
      for (const answer of answers) {
        // Its side was closed before a slow answer, which Node then drops.
        if (answer === undefined) continue;
        const code = codeOf(answer);
        codes.set(code, (codes.get(code) ?? 0) + 1);
      }
      expect([...codes.keys()].filter((code) => code.startsWith("wrong"))).toEqual([]);
      await expectGoodOrder();
      before ??= liveMegabytes();
    });
    await fc.assert(property, fuzzing(30));
    expect(failures).toEqual([]);
    expect([...codes.keys()]).toEqual(expect.arrayContaining(COMMON));
    expect(liveMegabytes() - (before ?? 0)).toBeLessThan(MOST_GROWTH_MB);
    expect((await sendBytes(door.port, "GET /health/live HTTP/1.0\r\n\r\n"))?.status).toBe(200);
  },
);
