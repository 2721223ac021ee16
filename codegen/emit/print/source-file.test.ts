import { describe, expect, it } from "vitest";
import { block, data, Import, join, member, Name, trusted, ts, typeImport, type Code } from "./code.ts";
import { printSourceFile } from "./source-file.ts";

function print(body: Code, path = "events/made/v1.ts"): string {
  return printSourceFile({ path, header: ["// header"], body });
}

describe("printSourceFile", () => {
  it("merges imports by module, packages first, with `type` only where a name is used as a type alone", () => {
    const body = ts`${new Import("near", "events/made/event.ts")}(${typeImport("Far", "schemas/far.ts")}, ${typeImport("Kind", "@tandem/runtime")}, ${new Import("make", "@tandem/runtime")}, ${typeImport("near", "events/made/event.ts")})`;
    expect(print(body)).toBe(`// header
import { type Kind, make } from "@tandem/runtime";
import type { Far } from "../../schemas/far.ts";
import { near } from "./event.ts";

near(Far, Kind, make, near)
`);
  });

  it("renames an import that has the name of a declaration or of another import", () => {
    const body = ts`type ${new Name("Money")} = ${typeImport("Money", "schemas/money.ts")} | ${typeImport("Money", "other/money.ts")};`;
    expect(print(body, "index.ts")).toBe(`// header
import type { Money as Money2 } from "./other/money.ts";
import type { Money as Money3 } from "./schemas/money.ts";

type Money = Money3 | Money2;
`);
  });

  it("lets no import give way to the name of a member", () => {
    const body = ts`{ ${member("order")}: ${new Import("order", "order.ts")} }`;
    expect(print(body, "index.ts")).toContain("{ order: order }");
  });

  it("breaks long import lists", () => {
    const names = Array.from({ length: 12 }, (_, index) => new Import(`somethingOrOther${index}`, "a.ts"));
    const text = print(join(names, ";\n"), "index.ts");
    expect(text).toContain("import {\n  somethingOrOther0,\n");
  });

  it("refuses to print a name that is none", () => {
    expect(() => new Name("a; process.exit()")).toThrow('"a; process.exit()" cannot be a name in generated code');
    expect(() => new Import("class", "a.ts")).toThrow("cannot be a name");
  });
});

describe("ts", () => {
  it("takes its own indentation off and indents what stands in its holes, but no empty line", () => {
    const inner = trusted("one;\n\ntwo;");
    const nested = ts`
      {
        ${inner}
      }
    `;
    expect(
      print(ts`
      begin ${nested}
        ${nested}
      end
    `),
    ).toBe("// header\n\nbegin {\n  one;\n\n  two;\n}\n  {\n    one;\n\n    two;\n  }\nend\n");
  });
});

describe("data", () => {
  it("keeps to one line where it fits, and takes a line for each member where it does not", () => {
    expect(print(ts`const a = ${data({ text: "a", list: [1_000, true, null], none: undefined })};`)).toContain(
      'const a = { text: "a", list: [1_000, true, null] };',
    );
    expect(print(ts`const a = ${data({ first: "a".repeat(60), second: ["b".repeat(60)] })};`)).toContain(
      `const a = {\n  first: "${"a".repeat(60)}",\n  second: ["${"b".repeat(60)}"],\n};`,
    );
  });

  it("gives each member a line when it is told to", () => {
    expect(print(ts`f(${block({ a: 1, b: {} })});`)).toContain("f({\n  a: 1,\n  b: {},\n});");
  });

  it("uses the shorthand where a member has the name of its value", () => {
    const order = new Import("order", "order.ts");
    expect(print(ts`f(${data({ order, other: order })});`, "index.ts")).toContain("f({ order, other: order });");
  });

  it("escapes text and keys", () => {
    const value = data({ "*/": "`${x}`\u2028", ["__proto__"]: "p", constructor: "c" });
    expect(print(ts`const a = ${value};`)).toContain(
      'const a = { "*/": "`${x}`\\u2028", ["__proto__"]: "p", constructor: "c" };',
    );
  });
});
