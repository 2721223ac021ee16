/** Finds properties that moved together into an object, or out of one. */
import { under } from "../../spec/pointer.ts";
import type { Findings, Spot } from "./inference.ts";
import { shapeLikeness, wordsOf } from "./likeness.ts";
import { propertiesOf, type PropertyShape } from "./shape.ts";

/** Takes what it explains out of both sets. */
export function inferNesting(
  gone: Set<PropertyShape>,
  come: Set<PropertyShape>,
  { step }: Spot,
  findings: Findings,
): void {
  for (const object of come) {
    const fields = gathered(object, gone);
    if (fields === undefined) continue;
    const args = Object.fromEntries(fields.map(([outer, inner]) => [under(step, outer.name), under("", inner.name)]));
    findings.add("nest", { into: under(step, object.name), fields: args }, doubt(fields));
    come.delete(object);
    for (const [outer] of fields) gone.delete(outer);
  }
  for (const object of gone) {
    const fields = gathered(object, come);
    if (fields === undefined) continue;
    const args = Object.fromEntries(fields.map(([outer, inner]) => [under("", inner.name), under(step, outer.name)]));
    findings.add("flatten", { from: under(step, object.name), fields: args }, doubt(fields));
    gone.delete(object);
    for (const [outer] of fields) come.delete(outer);
  }
}

type Field = readonly [outer: PropertyShape, inner: PropertyShape];

/** The properties beside an object that are its members; undefined unless all members are found, and two at least. */
function gathered(object: PropertyShape, beside: ReadonlySet<PropertyShape>): readonly Field[] | undefined {
  if (object.shape.kind !== "object") return undefined;
  const members = propertiesOf(object.shape);
  const taken = new Set<PropertyShape>();
  const fields = members.flatMap((inner): Field[] => {
    const outer = [...beside].find(
      (candidate) =>
        !taken.has(candidate) &&
        isMember(candidate.name, object.name, inner.name) &&
        shapeLikeness(candidate.shape, inner.shape) === 1,
    );
    if (outer === undefined) return [];
    taken.add(outer);
    return [[outer, inner]];
  });
  return fields.length === members.length && fields.length > 1 ? fields : undefined;
}

/** `street` or `address_street` may be `street` of `address`. */
function isMember(outer: string, object: string, inner: string): boolean {
  const words = wordsOf(outer).join(" ");
  const member = wordsOf(inner).join(" ");
  return words === member || words === `${wordsOf(object).join(" ")} ${member}`;
}

/** An object all of whose members may be missing cannot tell "none" from "not there". */
function doubt(fields: readonly Field[]): string | undefined {
  return fields.some(([outer, inner]) => outer.required !== inner.required)
    ? "a member is required on one side only"
    : undefined;
}
