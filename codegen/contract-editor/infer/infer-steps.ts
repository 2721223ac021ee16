/** Infers the steps of `x-evolves` from two schemas. What it cannot be sure of it says so. */
import type { Node } from "../../spec/node.ts";
import { under } from "../../spec/pointer.ts";
import { inferValue } from "./infer-value.ts";
import { Findings, type Inference, inside, type Spot } from "./inference.ts";
import { pairRenames } from "./pair-renames.ts";
import { inferNesting } from "./infer-nesting.ts";
import { keywordOf, propertiesOf, type PropertyShape, type Shape, shapeOf } from "./shape.ts";

/** What the runtime stamps is no part of a mapping. */
const STAMPED = new Set(["version", "meta"]);

/**
 * The steps from one payload schema to another.
 * @param words What the versions are called in comments: `v1`, `v2`.
 */
export function inferSteps(older: Node, newer: Node, words: Findings["words"]): Inference {
  const findings = new Findings(words);
  inferObject(shapeOf([older]), shapeOf([newer]), { step: "", older: "", newer: "" }, findings);
  const { steps, up, down, open } = findings;
  return { steps, lossy: { up, down }, open };
}

/** Compares the properties of an object that both versions have. */
function inferObject(older: Shape, newer: Shape, spot: Spot, findings: Findings): void {
  // Inside of itself a recursive schema tells nothing new.
  if (!findings.enter(older, newer)) return;
  const isRoot = spot.older === "";
  const listed = (shape: Shape) => propertiesOf(shape).filter(({ name }) => !isRoot || !STAMPED.has(name));
  const [before, after] = [listed(older), listed(newer)];
  const gone = new Set(before.filter(({ name }) => after.every((other) => other.name !== name)));
  const come = new Set(after.filter(({ name }) => before.every((other) => other.name !== name)));
  inferNesting(gone, come, spot, findings);
  for (const { from, to, unsure } of pairRenames(gone, come)) {
    gone.delete(from);
    come.delete(to);
    const place = inside(spot, from.name, to.name);
    findings.add("rename", { from: under(spot.step, from.name), to: place.step }, unsure);
    inferValue(from, to, place, findings, inferObject);
  }
  for (const property of before) {
    const same = after.find(({ name }) => name === property.name);
    if (same) inferValue(property, same, inside(spot, property.name), findings, inferObject);
  }
  for (const property of come) inferAdded(property, spot, findings);
  for (const property of gone) inferRemoved(property, spot, findings);
  findings.leave(older, newer);
}

function inferAdded({ name, required, shape }: PropertyShape, spot: Spot, findings: Findings): void {
  const { older } = findings.words;
  const to = under(spot.step, name);
  findings.down.push({ path: under(spot.newer, name), why: `${older} has no ${name}` });
  if (shape.nullable) return findings.add("add", { to, value: null });
  if (!required) return;
  const [only, ...others] = shape.values ?? [];
  if (only !== undefined && others.length === 0) return findings.add("add", { to, value: only });
  const fallback = keywordOf(shape, "default");
  if (fallback !== undefined) {
    return findings.add("add", { to, value: fallback }, `the schema's default; is it true of every ${older}?`);
  }
  findings.add("add", { to, value: null }, `nothing true can be said of a ${older}: let ${name} be nullable`);
}

function inferRemoved({ name, required, shape }: PropertyShape, spot: Spot, findings: Findings): void {
  const { older, newer } = findings.words;
  const from = under(spot.step, name);
  findings.up.push({ path: under(spot.older, name), why: `${newer} has no ${name}` });
  const [only, ...others] = shape.values ?? [];
  if (shape.nullable) findings.add("remove", { from, restore: null });
  else if (!required) findings.add("remove", { from });
  else if (only !== undefined && others.length === 0) findings.add("remove", { from, restore: only });
  else findings.add("remove", { from, restore: blank(shape) }, `what do readers of ${older} get instead?`);
}

/** The value that says least; whoever reads the comment writes a better one. */
function blank({ kind, types, values }: Shape): unknown {
  if (values?.[0] !== undefined) return values[0];
  if (kind === "list") return [];
  if (kind === "object") return {};
  const [type] = types;
  return type === "string" ? "" : type === "boolean" ? false : type === "integer" || type === "number" ? 0 : null;
}
