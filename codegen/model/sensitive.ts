/** Finds the values that `x-sensitive` marks, through `$ref`s. */
import { compareText } from "../diagnostic.ts";
import { isObject, own } from "../spec/json.ts";
import { subschemas } from "../spec/keywords.ts";
import { type Node, nodeAt } from "../spec/node.ts";
import { type Pointer, under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";

/** JSON pointers into the value of every part that is marked, `*` for every element and unnamed property; sorted. */
export function sensitivePointers(root: Node, report: Report): readonly Pointer[] {
  const found = new Set<Pointer>();
  const search = (value: unknown, at: Pointer, instance: Pointer, open: readonly Pointer[]): void => {
    if (!isObject(value)) return;
    // A mark beside `$ref` is the property's own.
    if (own(value, "x-sensitive") === true) found.add(instance);
    const target = typeof own(value, "$ref") === "string" ? nodeAt(root.document, at) : { value, at };
    if (target === undefined) return;
    if (open.includes(target.at)) {
      if (marksAnything(root.document, target, new Set())) {
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

function marksAnything(document: unknown, { value, at }: { value: unknown; at: Pointer }, seen: Set<Pointer>): boolean {
  if (!isObject(value) || seen.has(at)) return false;
  seen.add(at);
  if (own(value, "x-sensitive") === true) return true;
  if (typeof own(value, "$ref") === "string") {
    const target = nodeAt(document, at);
    return target !== undefined && marksAnything(document, target, seen);
  }
  return subschemas(value).some(({ path, schema }) =>
    marksAnything(document, { value: schema, at: under(at, ...path) }, seen),
  );
}
