import { describe, expect, it } from "vitest";
import { findLeftovers } from "./find-leftovers.ts";

const GENERATED = {
  "generated/services/stock.ts": `
    import { defineService, type Handler } from "@tandem/runtime";
    export interface StockPublishes { reserved(payload: object): void; }
    export interface StockHandlers {
      readonly orderCreated: Handler<object, StockPublishes>;
      readonly orderCancelled: Handler<object, StockPublishes>;
    }
    export const stock = defineService<StockHandlers, StockPublishes>({ format: 1, name: "stock" });
  `,
  "generated/services/orders.ts": `
    import { defineService } from "@tandem/runtime";
    import type { OrderCreatedV1V2Parts } from "../events/order-created/v1-v2.ts";
    export interface OrdersHandlers { readonly reserved: Handler<object, OrdersPublishes>; }
    export interface OrdersPublishes {}
    export interface OrdersEvolutions { readonly orderCreatedV1V2: OrderCreatedV1V2Parts; }
    export const orders = defineService<OrdersHandlers, OrdersPublishes, OrdersEvolutions>({ name: "orders" });
  `,
  "generated/events/order-created/v1-v2.ts": `
    export interface OrderCreatedV1V2Parts { sizeUp(from: object): object; sizeDown(from: object): object; }
  `,
  "generated/operations/scales.ts": `
    export interface ScalesReceives { readonly onWeight: object; }
    export interface ScalesSends { readonly tell: object; }
  `,
};

const STOCK = `import { stock, type StockHandlers } from "#generated/services/stock.ts";\n`;
const ORDERS = `import { orders, type OrdersEvolutions } from "#generated/services/orders.ts";\n`;

/** Each finding as `file:line:col CODE name`. */
function leftovers(written: Readonly<Record<string, string>>): string[] {
  const files = new Map(Object.entries({ ...GENERATED, ...written }));
  const found = findLeftovers({
    files,
    generated: "generated",
    evolutions: "evolutions",
    aliases: { "#generated/": "generated/" },
  });
  return found.map(({ file, line, col, endCol, code }) => {
    const lines = (files.get(file) ?? "").split("\n");
    const name = (lines[line - 1] ?? "").slice(col - 1, endCol - 1);
    return `${file}:${line}:${col} ${code} ${name}`;
  });
}

const GONE = "HANDLER_UNASKED orderShipped";

describe("a handler that the contract does not ask for", () => {
  it.each([
    [
      "an object that is given as it is",
      `startService(stock, { handlers: { orderCreated() {}, orderShipped() {} } });`,
    ],
    [
      "a variable without a type",
      `const all = { orderCreated() {}, orderShipped() {} };\nstartService(stock, { handlers: all });`,
    ],
    ["a shorthand", `const handlers = { orderShipped: () => {} };\nrunService(stock, { handlers });`],
    [
      "a spread",
      `const old = { orderShipped() {} };\nexport const handlers: StockHandlers = { ...old, orderCreated() {} };`,
    ],
    [
      "a spread in a spread",
      `const a = { orderShipped() {} };\nconst b = { ...a };\nstartService(stock, { handlers: { ...b } });`,
    ],
    ["a name in brackets", `startService(stock, { handlers: { ["orderShipped"]() {} } });`],
    ["a shorthand member", `function orderShipped() {}\nstartService(stock, { handlers: { orderShipped } });`],
    [
      "a function that makes them",
      `function make(db) { return { orderShipped() {} }; }\nstartService(stock, { handlers: make(1) });`,
    ],
    [
      "an arrow that makes them",
      `const make = () => ({ orderShipped() {} });\nstartService(stock, { handlers: make() });`,
    ],
    ["a return type", `function make(): StockHandlers { const made = { orderShipped() {} }; return made; }`],
    [
      "a promise of them",
      `async function make(): Promise<StockHandlers> { const made = { orderShipped() {} }; return made; }`,
    ],
    ["one branch of two", `startService(stock, { handlers: dry ? {} : { orderShipped() {} } });`],
    ["Object.freeze", `startService(stock, { handlers: Object.freeze({ orderShipped() {} }) });`],
    [
      "Object.assign",
      `const handlers = Object.assign({ orderCreated() {} }, { orderShipped() {} });\nstartService(stock, { handlers });`,
    ],
    ["a cast", `startService(stock, { handlers: { orderShipped() {} } as StockHandlers });`],
    [
      "part of them",
      `export const some: Partial<StockHandlers> = fake(), all = { orderShipped() {} } satisfies Partial<StockHandlers>;`,
    ],
    ["a class", `class Stock implements StockHandlers { orderCreated() {} orderShipped() {} }`],
    [
      "a class that is made where it is given",
      `class Stock { orderCreated = () => {}; orderShipped = () => {} }\nstartService(stock, { handlers: new Stock() });`,
    ],
    [
      "a class above it",
      `class Base { orderShipped() {} }\nclass Stock extends Base {}\nstartService(stock, { handlers: new Stock() });`,
    ],
    [
      "a member of another object",
      `const parts = { handlers: { orderShipped() {} } };\nstartService(stock, { handlers: parts.handlers });`,
    ],
    ["options from a variable", `const options = { handlers: { orderShipped() {} } };\nstartService(stock, options);`],
  ])("is found in %s", (_, text) => {
    const found = leftovers({ "services/stock/main.ts": STOCK + text });
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(/^services\/stock\/main\.ts:\d+:\d+ HANDLER_UNASKED (?:orderShipped|\["orderShipped"\])$/);
  });

  it.each([
    [
      "a named import",
      `import { handlers } from "./handlers.ts";`,
      "handlers",
      `export const handlers = { orderShipped() {} };`,
    ],
    [
      "a renamed import",
      `import { h as handlers } from "./handlers.ts";`,
      "handlers",
      `export const h = { orderShipped() {} };`,
    ],
    ["a default import", `import handlers from "./handlers.ts";`, "handlers", `export default { orderShipped() {} };`],
    ["a namespace", `import * as handlers from "./handlers.ts";`, "handlers", `export function orderShipped() {}`],
    [
      "a compiled specifier",
      `import { handlers } from "./handlers.js";`,
      "handlers",
      `export const handlers = { orderShipped() {} };`,
    ],
    [
      "no extension",
      `import { handlers } from "./handlers";`,
      "handlers",
      `export const handlers = { orderShipped() {} };`,
    ],
    [
      "a list of exports",
      `import { handlers } from "./handlers.ts";`,
      "handlers",
      `const h = { orderShipped() {} };\nexport { h as handlers };`,
    ],
  ])("is found in another module through %s", (_, line, handlers, module) => {
    const found = leftovers({
      "services/stock/main.ts": `${STOCK}${line}\nstartService(stock, { handlers: ${handlers} });`,
      "services/stock/handlers.ts": module,
    });
    expect(found).toEqual([expect.stringMatching(new RegExp(`^services/stock/handlers.ts:1:\\d+ ${GONE}$`))]);
  });

  it.each(["export * from", "export { handlers } from", "export * as all from"])("is found behind `%s`", (passed) => {
    const given = passed.includes("as all") ? "all.handlers" : "handlers";
    const name = given.split(".")[0];
    const found = leftovers({
      "services/stock/main.ts": `${STOCK}import { ${name} } from "./index.ts";\nstartService(stock, { handlers: ${given} });`,
      "services/stock/index.ts": `${passed} "./handlers.ts";`,
      "services/stock/handlers.ts": `export const handlers = { orderShipped() {} };`,
    });
    expect(found).toEqual([`services/stock/handlers.ts:1:27 ${GONE}`]);
  });

  it("is found where it fills the interface of a channel that is no event", () => {
    const text = `import type { ScalesReceives } from "../../generated/operations/scales.ts";
const old = { onHeat() {} };
export const receives: ScalesReceives = { ...old, onWeight() {} };`;
    expect(leftovers({ "services/scales/main.ts": text })).toEqual([
      "services/scales/main.ts:2:15 HANDLER_UNASKED onHeat",
    ]);
  });

  it("says who does not ask, and the name that may be meant", () => {
    const text = `${STOCK}const all = { orderCreatd() {} };\nstartService(stock, { handlers: all });`;
    const files = new Map(Object.entries({ ...GENERATED, "a.ts": text }));
    const aliases = { "#generated/": "generated/" };
    expect(findLeftovers({ files, generated: "generated", evolutions: "evolutions", aliases })).toMatchObject([
      {
        message: "nothing asks for the handler orderCreatd any more: it is not in StockHandlers",
        hint: "Did you mean orderCreated? Otherwise remove it.",
      },
    ]);
  });
});

describe("what is left alone", () => {
  it.each([
    ["what is asked for", `startService(stock, { handlers: { orderCreated() {}, orderCancelled() {} } });`],
    ["what nobody can know", `export const start = (handlers) => startService(stock, { handlers });`],
    [
      "a parameter that hides a constant",
      `const handlers = { orderShipped() {} };\nexport const start = (handlers) => startService(stock, { handlers });`,
    ],
    ["a computed name", `startService(stock, { handlers: { [name]: () => {} } });`],
    ["a spread of what is unknown", `startService(stock, { handlers: { ...fromElsewhere() } });`],
    [
      "another service of the same name",
      `const stock = fake();\nstartService(stock, { handlers: { orderShipped() {} } });`,
    ],
    [
      "what a class keeps to itself",
      `class Stock implements StockHandlers { #held = 1; private db() {} protected log() {} orderCreated() { this.find(); } find() {} }`,
    ],
    [
      "an object that contains itself",
      `const handlers = { ...handlers, orderCreated() {} };\nstartService(stock, { handlers });`,
    ],
    [
      "functions that call each other",
      `const a = () => b();\nconst b = () => a();\nstartService(stock, { handlers: a() });`,
    ],
    [
      "a return of an inner function",
      `function make() { const f = () => { return { orderShipped() {} }; }; return { orderCreated: f }; }\nstartService(stock, { handlers: make() });`,
    ],
    [
      "a generic arrow",
      `const id = <T>(value: T) => value;\nstartService(stock, { handlers: { orderCreated() {} } });`,
    ],
  ])("%s", (_, text) => {
    const declared = text.startsWith("const stock") ? "import type { StockHandlers } from 'x';\n" : STOCK;
    expect(leftovers({ "services/stock/main.ts": declared + text })).toEqual([]);
  });

  it("a handler that one of two services asks for", () => {
    const written = {
      "services/both.ts": `export const both = { orderCreated() {}, reserved() {} };`,
      "services/stock/main.ts": `${STOCK}import { both } from "../both.ts";\nstartService(stock, { handlers: both });`,
      "services/orders/main.ts": `${ORDERS}import { both } from "../both.ts";\nstartService(orders, { handlers: both });`,
    };
    expect(leftovers(written)).toEqual([]);
    expect(leftovers({ ...written, "services/orders/main.ts": "" })).toEqual([
      "services/both.ts:1:42 HANDLER_UNASKED reserved",
    ]);
  });
});

describe("text that is no TypeScript", () => {
  it("is read as far as it goes, and left to the compiler", () => {
    const text = `${STOCK}startService(stock, { handlers: { orderCreated() {}, orderShipped( } `;
    expect(() => leftovers({ "services/stock/main.ts": text })).not.toThrow();
  });
});

describe("a part of a mapping that the contract does not ask for", () => {
  const parts = `export const orderCreatedV1V2 = { sizeUp() {}, sizeDown() {} };\n`;
  const start = `import * as evolutions from "../../evolutions/order-created.ts";\nstartService(orders, { handlers: {}, evolutions });`;

  it("is found when the same object is given to all services", () => {
    const written = {
      "evolutions/order-created.ts": `${parts}export const orderCreatedV0V1 = { nameUp() {} };`,
      "services/orders/main.ts": ORDERS + start,
      "services/stock/main.ts": `${STOCK}import * as evolutions from "../../evolutions/order-created.ts";\nstartService(stock, { handlers: {}, evolutions });`,
    };
    expect(leftovers(written)).toEqual(["evolutions/order-created.ts:2:14 EVOLUTION_UNASKED orderCreatedV0V1"]);
  });

  it("is found inside a mapping that is asked for", () => {
    const text = `export const orderCreatedV1V2 = { sizeUp() {}, sizeDown() {}, nameUp() {} };`;
    expect(leftovers({ "evolutions/order-created.ts": text, "services/orders/main.ts": ORDERS + start })).toEqual([
      "evolutions/order-created.ts:1:63 EVOLUTION_UNASKED nameUp",
    ]);
  });

  it("is found when no service is given it", () => {
    expect(leftovers({ "evolutions/order-sent.ts": `export const orderSentV1V2 = { up() {} };` })).toEqual([
      "evolutions/order-sent.ts:1:14 EVOLUTION_UNASKED orderSentV1V2",
    ]);
  });

  it("is what other parts import from beside them no more than what is asked for", () => {
    const written = {
      "evolutions/words.ts": `export const words = { up: "UP" };\nexport function upper() {}`,
      "evolutions/order-created.ts": `import { words, upper } from "./words.ts";\n${parts}`,
      "services/orders/main.ts": ORDERS + start,
    };
    expect(leftovers(written)).toEqual([]);
  });
});
