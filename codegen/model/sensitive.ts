/** Finds the values that `x-sensitive` marks, through `$ref`s. */
import { compareText } from "../diagnostic.ts";
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { subschemas } from "../spec/keywords.ts";
import { type Node, nodeFrom } from "../spec/node.ts";
import { parent, type Pointer, under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { visits } from "../spec/walk.ts";

/** JSON pointers into the value of every part that is marked, `*` for every element and unnamed property; sorted. */
export function sensitivePointers(root: Node, report: Report): readonly Pointer[] {
  const found = new Set<Pointer>();
  const leads = leadingToMarks(root.document);
  const search = (value: unknown, at: Pointer, instance: Pointer, open: readonly Pointer[]): void => {
    if (!isObject(value)) return;
    if (!leads.has(at)) return;
    // A mark beside `$ref` is the property's own.
    if (own(value, "x-sensitive") === true) found.add(instance);
    const target = typeof own(value, "$ref") === "string" ? nodeFrom(root.document, { at, value }) : { value, at };
    if (target === undefined) return;
    if (open.includes(target.at)) {
      if (leads.has(target.at)) {
        const hint = "Mark a value around the recursion, so that all of it is masked.";
        report.error(
          "SCHEMA_RECURSION_UNSUPPORTED",
          under(at, "$ref"),
          "x-sensitive inside a recursive schema is unsupported",
          hint,
        );
      }
      return;
    }
    if (target.value !== value) return search(target.value, target.at, instance, open);
    for (const { path, schema, step } of subschemas(value)) {
      if (step.kind === "none") continue;
      const inner = step.kind === "same" ? instance : under(instance, step.kind === "each" ? "*" : step.name);
      search(schema, under(at, ...path), inner, [...open, at]);
    }
  };
  search(root.value, root.at, "", []);
  return [...found].toSorted(compareText);
}

/** The places of schemas that are marked, and of those that hold or refer to one that is: most contracts mark little. */
function leadingToMarks(document: unknown): ReadonlySet<Pointer> {
  if (!isObject(document)) return new Set();
  const known = leading.get(document) ?? findLeading(document);
  leading.set(document, known);
  return known;
}

/** Asked for once for each message of a document, which does not change. */
const leading = new WeakMap<object, ReadonlySet<Pointer>>();

function findLeading(document: JsonObject): ReadonlySet<Pointer> {
  const leads = new Set<Pointer>();
  const add = (marked: Pointer): void => {
    for (let at = marked; at !== "" && !leads.has(at); at = parent(at)) leads.add(at);
  };
  const refs: (readonly [at: Pointer, target: Pointer])[] = [];
  for (const { kind, at, value } of visits(document)) {
    if (kind !== "schema") continue;
    if (own(value, "x-sensitive") === true) add(at);
    const target = typeof own(value, "$ref") === "string" ? nodeFrom(document, { at, value }) : undefined;
    if (target !== undefined) refs.push([at, target.at]);
  }
  for (let before = 0; before < leads.size;) {
    before = leads.size;
    for (const [at, target] of refs) if (leads.has(target)) add(at);
  }
  return leads;
}
