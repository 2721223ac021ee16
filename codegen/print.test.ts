import { describe, expect, it } from "vitest";
import { type Diagnostic, ordered } from "./diagnostic.ts";
import { print } from "./print.ts";

const diagnostic: Diagnostic = {
  code: "EVENT_KEY",
  severity: "error",
  file: "asyncapi.yaml",
  line: 2,
  col: 8,
  endLine: 2,
  endCol: 16,
  message: "there is no /order",
  hint: "Did you mean /order_id?",
};

function printed(text: string, over: Partial<Diagnostic> = {}): string {
  return print([{ ...diagnostic, ...over }], new Map([["asyncapi.yaml", text]]), "text");
}

describe("a diagnostic for people", () => {
  it("is the place, the line with a caret, and a hint", () => {
    expect(printed("event:\n  key: /order # no\n")).toBe(
      `asyncapi.yaml:2:8 error EVENT_KEY there is no /order
  2 |   key: /order # no
    |        ^^^^^^^^
  hint: Did you mean /order_id?`,
    );
  });

  it("points to the end of the line when it goes on", () => {
    expect(printed("a\n  key: [  \n]", { endLine: 3, endCol: 2 })).toContain("\n    |        ^\n");
  });

  it("shows the part of a long line that matters", () => {
    const text = `\n${"x".repeat(5_000)}HERE${"y".repeat(5_000)}`;
    const lines = printed(text, { col: 5_001, endCol: 5_005 }).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(140);
    expect(lines[2]?.indexOf("^^^^")).toBe(lines[1]?.indexOf("HERE"));
  });

  it("cannot colour or move the terminal", () => {
    const shown = printed("\n\u001B[31m\tkey\u0007\u2028", {
      message: "no \u001B]0;title\u0007 \n error",
      hint: "\u202E",
    });
    expect(shown.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
    expect(shown.split("\n")).toHaveLength(4);
  });

  it("needs neither the source nor a hint", () => {
    expect(print([{ ...diagnostic, hint: "" }], new Map(), "text")).toBe(
      "asyncapi.yaml:2:8 error EVENT_KEY there is no /order",
    );
  });

  it("is not repeated for ever", () => {
    const many = Array.from({ length: 80 }, (_, line) => ({ ...diagnostic, line }));
    expect(print(many, new Map(), "text")).toMatch(/\n\.\.\. and 30 more$/);
    const warnings = many.map((one, line): Diagnostic => ({ ...one, message: `${line}`, severity: "warning" }));
    expect(print(warnings, new Map(), "text")).toMatch(/\n\.\.\. and 30 more$/);
  });

  it("comes before what does not keep code from being generated", () => {
    const warning: Diagnostic = { ...diagnostic, line: 1, severity: "warning" };
    expect(print([warning, diagnostic], new Map(), "text")).toMatch(/^asyncapi\.yaml:2:8 error [^]*:1:8 warning /);
    expect(print([warning, diagnostic], new Map(), "github")).toMatch(/^::error [^]*\n::warning /);
  });

  it("is said once of all the places that it is said of, where it is no error", () => {
    const warnings = [2, 3, 5, 8].map((line): Diagnostic => ({ ...diagnostic, line, severity: "warning", hint: "" }));
    const other: Diagnostic = { ...diagnostic, line: 4, severity: "warning", message: "there is no /x", hint: "" };
    const elsewhere: Diagnostic = { ...other, file: "b.yaml" };
    expect(print([...warnings, other, elsewhere], new Map(), "text")).toBe(
      `asyncapi.yaml:2:8 warning EVENT_KEY there is no /order
  also at 3:8, 5:8, 8:8
asyncapi.yaml:4:8 warning EVENT_KEY there is no /x
b.yaml:4:8 warning EVENT_KEY there is no /x`,
    );
    const many = Array.from({ length: 300 }, (_, line): Diagnostic => ({ ...diagnostic, line, severity: "warning" }));
    expect(print(many, new Map(), "text").split("\n")).toEqual([
      "asyncapi.yaml:0:8 warning EVENT_KEY there is no /order",
      "  hint: Did you mean /order_id?",
      "  also at 1:8, 2:8, 3:8, 4:8, 5:8, 6:8, 7:8, 8:8 and 291 more",
    ]);
    expect(print(many, new Map(), "github").split("\n")).toHaveLength(50);
  });
});

it("for programs it is JSON, also when there is none", () => {
  expect(JSON.parse(print([diagnostic], new Map(), "json"))).toEqual({ diagnostics: [diagnostic] });
  expect(JSON.parse(print([], new Map(), "json"))).toEqual({ diagnostics: [] });
});

it("for GitHub it is an annotation whose text cannot begin another", () => {
  const hostile = { ...diagnostic, file: "a,b:c.yaml", message: "100%\n::error::x", hint: "" };
  expect(print([hostile], new Map(), "github")).toBe(
    "::error file=a%2Cb%3Ac.yaml,line=2,endLine=2,col=8,endColumn=16,title=EVENT_KEY::100%25%0A::error::x",
  );
});

it("diagnostics are ordered by place, errors before warnings, each once", () => {
  const at = (line: number, col: number, severity: "error" | "warning"): Diagnostic => ({
    ...diagnostic,
    line,
    col,
    severity,
    message: severity,
  });
  const list = [at(3, 1, "error"), at(2, 9, "warning"), at(2, 1, "warning"), at(2, 1, "error"), at(3, 1, "error")];
  expect(ordered(list).map(({ line, col, severity }) => `${line}:${col} ${severity}`)).toEqual([
    "2:1 error",
    "2:1 warning",
    "2:9 warning",
    "3:1 error",
  ]);
});
