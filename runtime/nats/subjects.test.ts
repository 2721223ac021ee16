import { describe, expect, it } from "vitest";
import { subjectProblem } from "./subjects.ts";

describe("subjectProblem", () => {
  it.each(["orders", "orders.created.v1", "dlq.inventory-orderCreated-v1", "replay.a.b_c", "bestellung.größe"])(
    "lets %s pass",
    (subject) => expect(subjectProblem(subject)).toBeUndefined(),
  );

  it.each(["", ".", "a.", ".a", "a..b", "a b", "a.\tb", "a\r\nPUB b", "a.*", "a.>", "a*b", "*", ">", "a\u0000b"])(
    "refuses %j",
    (subject) => expect(subjectProblem(subject)).toMatch(/tokens joined by dots/),
  );

  it("refuses the server's own subjects", () => {
    expect(subjectProblem("$JS.API.STREAM.DELETE.ORDERS")).toMatch(/belong to the server/);
  });
});
