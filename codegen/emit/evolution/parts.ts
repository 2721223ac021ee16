/** The interface of the hand-written parts of a mapping. */
import { statementsIn, type Mapping, type Mappings } from "../../evolution/mapping/mapping.ts";
import type { Call } from "../../evolution/mapping/terms.ts";
import type { Evolution } from "../../model/evolution.ts";
import type { EventVersion } from "../../model/model.ts";
import type { Definitions } from "../json-schema.ts";
import { memberName } from "../print/literal.ts";
import { pickType, typeAt } from "./payload-type.ts";

/** A longer signature is broken over lines. */
const LINE = 116;

/** The calls of one direction. */
function callsOf({ plan, scope }: Mapping): Call[] {
  return statementsIn(plan, scope).flatMap((statement) => (statement.kind === "call" ? [statement.call] : []));
}

/** The members of the interface, one function a line; none when nothing is hand-written. */
export function partsMembers(
  { evolution, from, to }: { readonly evolution: Evolution; readonly from: EventVersion; readonly to: EventVersion },
  mappings: Mappings,
  definitions: Definitions,
): readonly string[] {
  const up = callsOf(mappings.up).map((call) =>
    signature(call, from, to, evolution.unrepresentable.up !== undefined, definitions),
  );
  const down = callsOf(mappings.down).map((call) => signature(call, to, from, true, definitions));
  return [...up, ...down];
}

function signature(
  call: Call,
  source: EventVersion,
  target: EventVersion,
  mayRefuse: boolean,
  definitions: Definitions,
): string {
  const given = pickType(source, call.given.path, call.reads, definitions);
  const name = memberName(call.function);
  const result = `${resultType(call, target, definitions)}${mayRefuse ? " | Unrepresentable" : ""}`;
  const line = `${name}(from: ${given}): ${result};`;
  return line.length <= LINE ? line : `${name}(\n  from: ${given},\n): ${result};`;
}

/** The members of one object where the results end side by side under their own names, else each by itself. */
function resultType({ results }: Call, target: EventVersion, definitions: Definitions): string {
  const ends = [...results].map(([name, end]) => ({
    name,
    path: end?.path ?? [name],
    required: end?.required ?? true,
  }));
  const holder = ends[0]?.path.slice(0, -1) ?? [];
  const isTogether = ends.every(
    ({ name, path }) =>
      path.length === holder.length + 1 &&
      path.at(-1) === name &&
      holder.every((token, depth) => path[depth] === token),
  );
  if (isTogether)
    return pickType(
      target,
      holder,
      ends.map(({ name }) => name),
      definitions,
    );
  const members = ends.map(
    ({ name, path, required }) =>
      `readonly ${memberName(name)}${required ? "" : "?"}: ${typeAt(target, path, definitions)}`,
  );
  return `{ ${members.join("; ")} }`;
}
