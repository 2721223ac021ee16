/** Infers the steps for one value that both versions have. */
import type { Findings, Spot } from "./inference.ts";
import { elementOf, propertiesOf, type PropertyShape, type Shape } from "./shape.ts";
import { shapeLikeness } from "./likeness.ts";

const CONVERTIBLE = new Set(["integer", "number", "string"]);

/** How objects are compared; handed in, because objects hold values and values are objects. */
export type CompareObjects = (older: Shape, newer: Shape, spot: Spot, findings: Findings) => void;

export function inferValue(
  from: PropertyShape,
  to: PropertyShape,
  spot: Spot,
  findings: Findings,
  compareObjects: CompareObjects,
): void {
  const [older, newer] = [from.shape, to.shape];
  if (older.kind === "object" && newer.kind === "object") return compareObjects(older, newer, spot, findings);
  if (older.kind === "list" && newer.kind === "list")
    return inferElements(older, newer, spot, findings, compareObjects);
  if (newer.kind === "list" && shapeLikeness(older, elementOf(newer)) > 0) {
    findings.down.push({ path: spot.newer, why: `${findings.words.older} has one` });
    return findings.add("wrap", { from: spot.step, to: spot.step, pick: "first" });
  }
  if (older.kind === "scalar" && newer.kind === "scalar") return inferScalar(older, newer, spot, findings);
  if (isNumber(older) && newer.kind === "object") return inferMoney(newer, spot, findings);
  if (
    JSON.stringify(older.schemas.map(({ value }) => value)) !== JSON.stringify(newer.schemas.map(({ value }) => value))
  ) {
    findings.open.push(`${spot.step} became another kind of value: a custom step says how`);
  }
}

function inferElements(
  older: Shape,
  newer: Shape,
  spot: Spot,
  findings: Findings,
  compareObjects: CompareObjects,
): void {
  const [before, after] = [elementOf(older), elementOf(newer)];
  if (before.kind === "object" && after.kind === "object") {
    const inner = findings.forElements();
    compareObjects(before, after, { step: "", older: `${spot.older}/*`, newer: `${spot.newer}/*` }, inner);
    if (inner.steps.length > 0) findings.steps.push({ kind: "each", arguments: { in: spot.step }, inner: inner.steps });
  } else if (before.kind !== after.kind || before.types.join() !== after.types.join()) {
    findings.open.push(`the elements of ${spot.step} became another kind of value: a custom step says how`);
  }
}

function inferScalar(older: Shape, newer: Shape, spot: Spot, findings: Findings): void {
  const [from, to] = [older.types[0] ?? "", newer.types[0] ?? ""];
  if (older.types.length === 1 && newer.types.length === 1 && from !== to) {
    if (CONVERTIBLE.has(from) && CONVERTIBLE.has(to)) return findings.add("convert", { field: spot.step, from, to });
    findings.open.push(`${spot.step} became ${to} and was ${from}: a custom step says how`);
    return;
  }
  if (older.values !== undefined && newer.values !== undefined) inferValues(older.values, newer.values, spot, findings);
}

/** A value that only one version knows: perhaps another name of one, or nothing that the other can say. */
function inferValues(before: readonly unknown[], after: readonly unknown[], spot: Spot, findings: Findings): void {
  const gone = before.filter((value) => !after.includes(value));
  const come = after.filter((value) => !before.includes(value));
  if (gone.length === 0 && come.length === 0) return;
  const [old] = gone;
  const [young] = come;
  if (gone.length === 1 && come.length === 1) {
    const args = { field: spot.step, up: { [String(old)]: young }, down: { [String(young)]: old } };
    return findings.add("values", args, `is ${String(young)} what ${String(old)} was?`);
  }
  const unknown =
    gone.length > 0
      ? `what becomes of ${gone.join(", ")}`
      : `what do readers of ${findings.words.older} get for ${come.join(", ")}`;
  findings.add("values", { field: spot.step, otherValues: "unrepresentable" }, `${unknown}?`);
}

function inferMoney(newer: Shape, spot: Spot, findings: Findings): void {
  const properties = propertiesOf(newer);
  const amount = properties.find(({ name }) => name === "amount");
  const currency = properties.find(({ name }) => name === "currency");
  if (amount === undefined || currency === undefined || properties.length !== 2) {
    findings.open.push(`${spot.step} became an object and was a number: a custom step says how`);
    return;
  }
  const currencies = currency.shape.values ?? [];
  const known = typeof currencies[0] === "string" ? currencies[0] : "EUR";
  const isMinor = amount.shape.types[0] === "integer";
  findings.add(
    "money",
    {
      ...{ from: spot.step, to: spot.step, amount: isMinor ? "minor" : "major", scale: 2, currency: known },
      ...(currencies.length === 1 ? {} : { otherCurrency: "unrepresentable" }),
    },
    "is that the currency and the scale of every older amount?",
  );
}

function isNumber({ kind, types }: Shape): boolean {
  return kind === "scalar" && types.length === 1 && (types[0] === "number" || types[0] === "integer");
}
