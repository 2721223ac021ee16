import { describe, expect, it } from "vitest";
import { fill, overlap, parametersOf, pathFault, subjectFault } from "./address.ts";

describe("an address", () => {
  it("is filled in by name; what is not given matches anything", () => {
    expect(parametersOf("dead.{service}.{event}.{version}")).toEqual(["service", "event", "version"]);
    expect(fill("dead.{service}.{event}.{version}", { service: "order", version: "v1" })).toBe("dead.order.*.v1");
    expect(fill("a.{constructor}", {})).toBe("a.*");
  });

  it.each(["a", "orders.created.{version}", "dead.{service}.{event}.{version}", "A-b_1.{x}"])(
    "%s can be a subject",
    (address) => {
      expect(subjectFault(address)).toBeUndefined();
    },
  );

  it.each([
    "",
    ".a",
    "a.",
    "a..b",
    "a.*",
    "a.>",
    "a.b c",
    "a.b\n",
    "a.{x}y",
    "a.{}",
    "a.{x",
    "a.x}",
    "a.{x.y}",
    "a.`x`",
    "a.'",
    "a.é",
    "$JS.API",
    "x".repeat(101),
    `${"x.".repeat(150)}x`,
  ])("%j cannot", (address) => {
    expect(subjectFault(address)).toEqual(expect.any(String));
  });

  it.each(["/", "/orders", "/orders/{order_id}", "/v1.0/a~b/c-d_e"])("%s can be a path", (address) => {
    expect(pathFault(address)).toBeUndefined();
  });

  it.each(["", "orders", "//", "/a//b", "/a/", "/a b", "/a?x=1", "/a#b", "/{a}{b}", "/{a", "/`", "/*/"])(
    "%j cannot",
    (address) => {
      expect(pathFault(address)).toEqual(expect.any(String));
    },
  );

  it.each([
    ["a.b", "a.b", true],
    ["a.*", "a.b", true],
    ["*.b", "a.*", true],
    ["a.*", "b.*", false],
    ["a.*", "a.b.c", false],
  ])("%s and %s overlap: %s", (one, other, expected) => {
    expect(overlap(one, other)).toBe(expected);
    expect(overlap(other, one)).toBe(expected);
  });
});
