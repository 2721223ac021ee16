/** Messages as somebody who means harm, or knows no better, would publish them past every library. */
import fc from "fast-check";

/** Stands in a message where its event id belongs: whoever publishes it puts a new one there each time. */
export const OWN_ID = "<own-id>";

/** Header lines and body down to their bytes. */
export interface HostileMessage {
  readonly headers: Uint8Array;
  readonly data: Uint8Array;
}

type Bytes = Uint8Array | string;

const GOOD_BODY = { version: "v1", thing_id: "t", count: 1 };
const BODY = JSON.stringify(GOOD_BODY);
const LONGEST_TEXT = 40_000;

/** Text with everything that breaks what reads it: NUL, lone surrogates, line breaks, directions, astral characters. */
const oddText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\0", "a\0b", "\ud800", "\udc00x", "a\r\nNats-Rollup: all", "\u202edlrow", "\u2028", "\ufeff", "%00"),
  fc.constantFrom("%E0%A4%A", "%ff%fe", "'; drop table taken; --", "__proto__", "constructor", "toString", "${x}", ""),
  fc.nat(LONGEST_TEXT).map((length) => "x".repeat(length)),
  fc.nat(1_000).map((length) => "\u{1f600}".repeat(length)),
);

/** JSON numbers that no double holds as they are written, or that are at an edge. */
const oddNumber = fc.constantFrom(
  ...["1e400", "-1e400", "1e-400", "-0", "0", "9007199254740993", "1.0000000000000000001", "1E+2", "1e308"],
  ...["123456789012345678901234567890", `1${"0".repeat(5_000)}`, `0.${"3".repeat(5_000)}`, "2147483648", "-1"],
);

const nesting = fc
  .record({
    depth: fc.constantFrom(1, 100, 1_000, 70_000),
    open: fc.constantFrom(["[", "]"], ['{"a":', "1}"], ['{"__proto__":', "{}}"]),
  })
  .map(({ depth, open: [open = "", close = ""] }) => {
    const [inner, end] = [close.slice(0, -1), close.slice(-1)];
    return open.repeat(depth) + inner + end.repeat(depth);
  });

const oddKey = fc.constantFrom("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "meta", "", "\0");
const oddMembers = fc.oneof(
  fc.tuple(oddKey, fc.oneof(nesting, oddNumber, fc.json())).map(([key, value]) => `${JSON.stringify(key)}:${value}`),
  fc.constantFrom('"count":2,"count":"x"', '"version":"v9"', '"thing_id":"other","thing_id":"again"'),
);

/** A body whose members are as the contract has them, with values that it may not have thought of. */
const bodyOfContract = fc
  .record(
    {
      thing_id: oddText,
      note: fc.oneof(oddText, fc.json().map(JSON.parse)),
      version: fc.constantFrom("v1", "v2", 1, null),
      count: fc.oneof(fc.integer(), fc.double(), fc.constantFrom("1", null, true, [], {})),
      meta: fc.oneof(
        fc.constantFrom(null, 1, "meta", [], { event_id: {} }, { sequence: -1, correlation_id: "\0" }),
        fc.record({
          event_id: oddText.map(withOwnId),
          occurred_at: oddText,
          correlation_id: oddText,
          causation_id: oddText,
        }),
      ),
    },
    { requiredKeys: [] },
  )
  .map((changes) => JSON.stringify({ ...GOOD_BODY, ...changes }));

const body: fc.Arbitrary<Bytes> = fc.oneof(
  { arbitrary: bodyOfContract, weight: 4 },
  { arbitrary: oddMembers.map((members) => `{${members},${BODY.slice(1)}`), weight: 2 },
  { arbitrary: oddMembers.map((members) => `${BODY.slice(0, -1)},${members}}`), weight: 2 },
  oddNumber.map((number) => `{"version":"v1","thing_id":"t","count":${number}}`),
  nesting,
  fc.json(),
  fc.uint8Array({ maxLength: 200 }),
  fc.nat(BODY.length).map((length) => BODY.slice(0, length)),
  fc.nat(BODY.length - 1).chain((at) => fc.nat(255).map((byte) => Buffer.from(BODY).fill(byte, at, at + 1))),
  fc.constantFrom<Bytes>(
    Buffer.from(BODY, "utf16le"),
    Buffer.from(`\ufeff${BODY}`, "utf16le"),
    `\ufeff${BODY}`,
    Buffer.concat([Buffer.from('{"version":"v1","thing_id":"'), Buffer.of(0xc3, 0x28), Buffer.from('","count":1}')]),
    `${BODY}${BODY}`,
    `${BODY}\0`,
    "",
    "null",
    '"v1"',
    "NaN",
    "{'version':'v1'}",
  ),
);

const ENVELOPE_NAMES = ["ce-id", "ce-type", "ce-source", "ce-time", "ce-subject", "ce-sequence", "correlation-id"];
const oddName = fc.oneof(
  fc.constantFrom(...ENVELOPE_NAMES, "CE-ID", "Ce-Specversion", "causation-id", "traceparent", "ce-dataschema"),
  fc.constantFrom("dlq-code", "dlq-error", "DLQ-Stream", "replay-id", "replay-of", "Nats-Msg-Size", "Nats-Sequence"),
  fc.constantFrom("__proto__", "constructor", "", "a b", " ", "\t", "ключ", "x\0y", "x".repeat(300), "a\nb"),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }).filter((name) => !/^nats-/i.test(name)),
);
const oddTime = fc.constantFrom(
  ...["0000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "9999-12-31T23:59:59.999999999-15:59"],
  ...["2026-01-01T00:00:00+23:59", `2026-01-01T00:00:00.${"1".repeat(400)}Z`, "2016-12-31T23:59:60Z", "-271821-04-20"],
  ...["2026-01-01 00:00:00Z", "yesterday", "infinity", "1767225600", ""],
);
const oddValue = fc.oneof(
  fc.tuple(oddText, fc.boolean()).map(([text, encode]) => (encode ? encodeURIComponent(text.toWellFormed()) : text)),
  oddTime,
  fc.constantFrom("999999999999999999999999", "-1", "0", "1e9", "00-0-0-00", "things.made.v2", "a\rb", "a\nb"),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
  fc.constantFrom(200, 256, 257, 5_000, 60_000).map((length) => "i".repeat(length)),
);

/** Lines of a good envelope, some of them left out, and others after or before them. */
const headerLines = fc.record({
  left: fc.oneof(fc.constant<string[]>([]), fc.subarray(ENVELOPE_NAMES, { maxLength: 3 })),
  own: fc.array(fc.tuple(oddName, oddValue), { maxLength: 3 }),
  time: fc.option(oddTime, { nil: undefined, freq: 4 }),
  first: fc.constantFrom("NATS/1.0", "NATS/1.0", "NATS/1.0", "NATS/1.0 404 No Messages", "NATS/1.0 503", "NATS/9", ""),
  ownFirst: fc.boolean(),
  isLatin1: fc.boolean(),
});

/**
 * A message that is wrong in one way or in several, or in none. Where it says an id, {@link OWN_ID} is
 * part of it, so that no message is a duplicate of another.
 */
export const hostileMessage: fc.Arbitrary<HostileMessage> = fc
  .record({ lines: headerLines, data: body })
  .map(({ lines: { left, own, time, first, ownFirst, isLatin1 }, data }) => {
    const good = Object.entries({
      "ce-id": OWN_ID,
      "ce-type": "things.made.v1",
      "ce-source": "stranger",
      "ce-time": time ?? "2026-01-02T03:04:05Z",
      "correlation-id": "c-1",
    }).filter(([name]) => !left.includes(name));
    const lines = ownFirst ? [...own, ...good] : [...good, ...own];
    const text = lines.map(([name, value]) => `${name}: ${/^ce-id$/i.test(name) ? withOwnId(value) : value}`);
    const block = [first, ...text, "", ""].join("\r\n");
    return { headers: Buffer.from(block, isLatin1 ? "latin1" : "utf8"), data: Buffer.from(data) };
  });

function withOwnId(text: string): string {
  return text === OWN_ID ? text : `${text}${OWN_ID}`;
}
