import { describe, expect, it } from "vitest";
import { readAnswerBody } from "./publish-answers.ts";

const failed = (code: number, err_code: number, description = "words") =>
  readAnswerBody(JSON.stringify({ error: { code, err_code, description }, stream: "S", seq: 0 }));

describe("readAnswerBody", () => {
  it("reads an acknowledgement, and a duplicate as stored too", () => {
    expect(readAnswerBody('{"stream":"ORDERS","seq":7}')).toEqual({
      kind: "stored",
      ack: { stream: "ORDERS", sequence: 7, duplicate: false },
    });
    expect(readAnswerBody('{"stream":"ORDERS","seq":7,"duplicate":true,"domain":"hub"}')).toMatchObject({
      kind: "stored",
      ack: { duplicate: true },
    });
  });

  it.each([
    ["the cluster elects", 503, 10008],
    ["another server leads", 500, 10009],
    ["the account is full", 400, 10002],
    ["the disk is full", 500, 10047],
    ["the stream is full", 503, 10077],
    ["the stream is offline", 500, 10118],
    ["the same id is in process", 409, 10158],
    ["too many requests", 429, 10167],
  ])("waits while %s", (_, code, errCode) => {
    expect(failed(code, errCode)).toEqual({ kind: "later", words: `words (NATS error ${errCode})` });
  });

  it.each([
    ["too large for the stream", 400, 10054],
    ["another stream expected", 400, 10060],
    ["another sequence expected", 400, 10071],
    ["no batches here", 400, 10174],
  ])("gives up on a message that is %s", (_, code, errCode) => {
    expect(failed(code, errCode)).toEqual({ kind: "refused", words: `words (NATS error ${errCode})` });
  });

  it.each(["", "+ACK", "null", "7", "[]", "{}", '{"stream":"S"}', '{"stream":1,"seq":1}'])(
    "takes %j for no answer",
    (text) => {
      expect(readAnswerBody(text)).toBeUndefined();
    },
  );
});
