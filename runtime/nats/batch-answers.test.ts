import { describe, expect, it } from "vitest";
import { readBatchAnswer } from "./batch-answers.ts";

const failed = (code: number, err_code: number) =>
  readBatchAnswer(JSON.stringify({ error: { code, err_code, description: "words" }, stream: "S", seq: 0 }), 2).kind;

describe("readBatchAnswer", () => {
  it("tells where each member is: the acknowledgement names the last", () => {
    expect(readBatchAnswer('{"stream":"S","seq":9,"batch":"b","count":2}', 2)).toEqual({
      kind: "stored",
      acks: [
        { stream: "S", sequence: 8, duplicate: false },
        { stream: "S", sequence: 9, duplicate: false },
      ],
    });
  });

  it("knows an acknowledgement of one message for none of the batch", () => {
    expect(readBatchAnswer('{"stream":"S","seq":9}', 2).kind).toBe("unsupported");
    expect(readBatchAnswer('{"stream":"S","seq":9,"batch":"b","count":1}', 2).kind).toBe("unsupported");
  });

  it.each([
    ["some ids are stored", 400, 10201, "stored before"],
    ["the stream takes no batches", 400, 10174, "unsupported"],
    ["a member is missing", 400, 10176, "later"],
    ["too many are open", 429, 10210, "later"],
    ["the cluster elects", 503, 10008, "later"],
    ["there are too many members", 400, 10199, "refused"],
  ])("where %s", (_, code, errorCode, kind) => {
    expect(failed(code, errorCode)).toBe(kind);
  });

  it("waits for an answer where there is none", () => {
    expect(readBatchAnswer("", 2).kind).toBe("later");
  });
});
