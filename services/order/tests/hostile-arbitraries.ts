/** Requests as somebody who means harm, or knows no better, would write them: bytes on a socket. */
import fc from "fast-check";

type Bytes = Uint8Array | string;
type Headers = readonly (readonly [name: string, value: string])[];

const ITEM = '{"product_id":"tea-250","quantity":2}';
const BODY = `{"items":[${ITEM}]}`;

const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("\0", "a\0b", "\ud800", "\udc00x", "\r\n", "\u202edlrow", "\u2028", "\ufeff", "%00", "../..", ""),
  fc.constantFrom("'; drop table orders; --", "__proto__", "constructor", "toString", "tea-250", "${x}", "\u{1f600}"),
  fc.constantFrom(64, 65, 128, 129, 3_000, 6_000).map((length) => "x".repeat(length)),
);
const oddNumber = fc.constantFrom(
  ...["1e400", "-1e400", "1e-400", "-0", "0", "9007199254740993", "1.0000000000000000001", "1E+2", "1e6", "1000001"],
  ...["123456789012345678901234567890", `1${"0".repeat(2_000)}`, `0.${"3".repeat(2_000)}`, "01", "+1", ".5", "1_0"],
);
const nesting = fc
  .tuple(fc.constantFrom(1, 1_000, 100_000), fc.constantFrom("[", '{"a":', '{"items":[', '{"__proto__":'))
  .map(([depth, open]) => open.repeat(depth));
const anything = fc.oneof(
  oddText.map((text) => JSON.stringify(text)),
  oddNumber,
  nesting,
  fc.json(),
  fc.constantFrom("null", "true", "[]", "{}", ITEM),
);
const key = fc.constantFrom(
  ...["items", "customer_id", "product_id", "quantity", "__proto__", "constructor", "prototype", "toString", "", "\0"],
);
const members = fc
  .array(fc.tuple(key, anything), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(","));

const body: fc.Arbitrary<Bytes> = fc.oneof(
  { arbitrary: anything.map((value) => `{"items":[{"product_id":"tea-250","quantity":${value}}]}`), weight: 2 },
  { arbitrary: anything.map((value) => `{"items":[{"product_id":${value},"quantity":2}]}`), weight: 2 },
  { arbitrary: anything.map((value) => `{"items":[${ITEM}],"customer_id":${value}}`), weight: 3 },
  { arbitrary: members.map((more) => `{${more}}`), weight: 2 },
  members.map((more) => `{"items":[{${more}}]}`),
  anything,
  fc.uint8Array({ maxLength: 100 }),
  fc.nat(BODY.length).map((length) => BODY.slice(0, length)),
  fc.constantFrom<Bytes>(
    Buffer.from(BODY, "utf16le"),
    Buffer.from(`\ufeff${BODY}`, "utf16le"),
    `\ufeff${BODY}`,
    Buffer.from(BODY.replace("tea", "t\u00e9a"), "latin1"),
    `[${"1,".repeat(2_000)}1]`,
    `{"items":[${`${ITEM},`.repeat(99)}${ITEM}]}`,
    " ".repeat(10_000),
    BODY,
  ),
);

const method = fc.oneof(
  { arbitrary: fc.constantFrom("POST", "GET"), weight: 6 },
  fc.constantFrom(
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "PATCH",
    "TRACE",
    "CONNECT",
    "PROPFIND",
    "QUERY",
    "post",
    "X",
    "",
  ),
);
const target = fc.oneof(
  { arbitrary: fc.constant("/orders"), weight: 6 },
  { arbitrary: oddText.map((text) => `/orders/${encodeURIComponent(text.toWellFormed())}`), weight: 2 },
  oddText.map((text) => `/orders/${text}`),
  fc.constantFrom("/orders/%00", "/orders/%ff", "/orders/%E0%A4%A", "/orders/..%2f..%2f", "/%zz", "*", "//orders", "?"),
  fc.constantFrom("http://x/orders", "http:///", "/orders?a=%zz", "/orders#x", "/ord%65rs", "/orders/", "/orders;a=1"),
  fc.constantFrom("/schemas/../topology.json", "/schemas/%2e%2e/topology.json", "/__proto__", `/${"a".repeat(9_000)}`),
);

const headerName = fc.oneof(
  fc.constantFrom("Idempotency-Key", "X-Correlation-ID", "traceparent", "Content-Type", "Content-Encoding", "Expect"),
  fc.constantFrom("Transfer-Encoding", "Content-Length", "Host", "Upgrade", "Connection", "TE", "Trailer", "Accept"),
  fc.constantFrom("__proto__", "constructor", "Accept-Version", "X-HTTP-Method-Override", "a b", "", "\0", "ключ"),
);
const headerValue = fc.oneof(
  oddText,
  fc.constantFrom("gzip", "chunked", "gzip, chunked", "identity", "-1", "5", "99999999999999999999", "100-continue"),
  fc.constantFrom(
    "application/json; charset=utf-16",
    "application/json;;;=",
    "text/plain",
    "application/json",
    "close",
  ),
  fc.constantFrom("00-00000000000000000000000000000000-0000000000000000-00", "Upgrade", "websocket", "h2c", "tea"),
  fc.constantFrom(200, 9_000, 20_000).map((length) => "h".repeat(length)),
);
const headers: fc.Arbitrary<Headers> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 20 },
  { arbitrary: fc.array(fc.tuple(headerName, headerValue), { minLength: 1, maxLength: 3 }), weight: 20 },
  fc.constantFrom(100, 3_000).map((count) => Array.from({ length: count }, (_, n) => [`x-${n}`, "y"] as const)),
);

/** How a body is announced. */
const framing = fc.oneof(
  { arbitrary: fc.constant("length"), weight: 20 },
  fc.constantFrom("chunked", "none", "too long", "too short", "both"),
);

/** The bytes of a request that says `Connection: close`, unless it is garbage from the start. */
export const hostileRequest: fc.Arbitrary<Uint8Array> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .record({
        method,
        target,
        headers,
        body,
        framing,
        version: fc.constantFrom("1.1", "1.1", "1.1", "1.1", "1.1", "1.0", "9.9"),
      })
      .map((request) => {
        const data = Buffer.from(request.body);
        const own = request.headers.map(([name, value]) => `${name}: ${value}`);
        const lines = [`${request.method} ${request.target} HTTP/${request.version}`, "Host: x", "Connection: close"];
        const type = request.headers.some(([name]) => name === "Content-Type")
          ? []
          : ["Content-Type: application/json"];
        const frame = frameOf(request.framing, data);
        return Buffer.concat([
          Buffer.from([...lines, ...type, ...own, ...frame.headers, "", ""].join("\r\n")),
          ...frame.pieces,
        ]);
      }),
  },
  fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.concat([bytes, Buffer.from("\r\n\r\n")])),
);

function frameOf(kind: string, data: Buffer): { readonly headers: string[]; readonly pieces: Buffer[] } {
  const chunks = [Buffer.from(`${data.byteLength.toString(16)}\r\n`), data, Buffer.from("\r\n0\r\n\r\n")];
  const length = (bytes: number) => `Content-Length: ${Math.max(0, bytes)}`;
  switch (kind) {
    case "chunked":
      return { headers: ["Transfer-Encoding: chunked"], pieces: data.byteLength === 0 ? [] : chunks };
    case "none":
      return { headers: [], pieces: [data] };
    case "too long":
      return { headers: [length(data.byteLength + 10)], pieces: [data] };
    case "too short":
      return { headers: [length(data.byteLength - 10)], pieces: [data] };
    case "both":
      return { headers: ["Transfer-Encoding: chunked", length(data.byteLength)], pieces: chunks };
    default:
      return { headers: [length(data.byteLength)], pieces: [data] };
  }
}
