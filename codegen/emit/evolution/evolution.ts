/** `events/<event>/v<N>-v<N+1>.ts`: how one version becomes the next, and back. */
import { createJudge } from "../../evolution/mapping/judge.ts";
import { mapVersions, type Mapping } from "../../evolution/mapping/mapping.ts";
import { customSteps, evolutionsOf, type Evolution, type EvolutionPair, type Loss } from "../../model/evolution.ts";
import type { Event, EventVersion } from "../../model/model.ts";
import { headerOf, runtime, runtimeType, type EmitContext } from "../emitter.ts";
import { messagePath } from "../message.ts";
import { type Code, type Import, join, Name, trusted, ts, typeImport } from "../print/code.ts";
import { docComment } from "../print/comment.ts";
import type { SourceFile } from "../print/source-file.ts";
import { cutFunctions } from "./cut-functions.ts";
import { literal, type Shared } from "./expressions.ts";
import { functionBody } from "./function-body.ts";
import { partsMembers } from "./parts.ts";
import { typeAt } from "./payload-type.ts";

/** Where a mapping is. */
export function evolutionPath(event: Event, { fromVersion, toVersion }: Evolution): string {
  return `events/${event.directory}/v${fromVersion}-v${toVersion}.ts`;
}

/** The interface of a mapping's hand-written parts; undefined when it has none. */
export function partsOf(event: Event, evolution: Evolution): Import | undefined {
  return customSteps(evolution.steps).length === 0
    ? undefined
    : typeImport(evolution.partsType, evolutionPath(event, evolution));
}

/** The mappings of an event, one file for each pair of adjacent versions. */
export function emitEvolutions(event: Event, context: EmitContext): SourceFile[] {
  return evolutionsOf(event).map((pair) => emitEvolution(event, pair, context));
}

function emitEvolution(event: Event, pair: EvolutionPair, context: EmitContext): SourceFile {
  const { evolution, from, to } = pair;
  const { definitions } = context.validators;
  const mappings = mapVersions({ ...pair, key: event.key }, definitions, createJudge(definitions));
  if (mappings.faults.length > 0)
    throw new Error(`the evolution at #${evolution.pointer} was not checked: ${mappings.faults[0]?.message}`);
  const shared: Shared = { definitions, tables: new Map(), cuts: new Set() };
  const members = partsMembers(pair, mappings, definitions);
  const around = { event, shared, hasParts: members.length > 0 };
  const up = emitFunction("up", mappings.up, pair, around);
  const down = emitFunction("down", mappings.down, pair, around);
  const parts =
    members.length === 0
      ? []
      : [
          ts`
            ${trusted(docComment({ description: `What is written by hand of the way between ${from.typeName} and ${to.typeName}.` }))}export interface ${new Name(evolution.partsType)} {
              ${trusted(members.join("\n"))}
            }
          `,
        ];
  const tables = [...shared.tables].map(([name, entries]) => {
    const lines = entries.map(([one, other]) =>
      `  ${literal(one)}: ${literal(other)},\n`.replace(/^ {2}"([A-Za-z_$][\w$]*)":/, "  $1:"),
    );
    return trusted(`const ${name} = {\n${lines.join("")}} as const;`);
  });
  const usesUnrepresentable = [up, down].some(({ text }) => text.includes("UNREPRESENTABLE"));
  const mayRefuse = members.some((member) => member.endsWith(" | Unrepresentable;"));
  return {
    path: evolutionPath(event, evolution),
    header: headerOf(context, `#${evolution.pointer}`),
    // What the printed texts speak of.
    imports: [
      ...(usesUnrepresentable ? [runtime("UNREPRESENTABLE")] : []),
      ...(mayRefuse ? [runtimeType("Unrepresentable")] : []),
    ],
    body: join([...parts, ...tables, up.code, down.code, ...cutFunctions(shared.cuts).map(trusted)], "\n\n"),
  };
}

function emitFunction(
  direction: "up" | "down",
  mapping: Mapping,
  { evolution, from, to }: EvolutionPair,
  { event, shared, hasParts }: { readonly event: Event; readonly shared: Shared; readonly hasParts: boolean },
): { readonly code: Code; readonly text: string } {
  const [source, target] = direction === "up" ? [from, to] : [to, from];
  const mayRefuse = hasParts && (direction === "down" || evolution.unrepresentable.up !== undefined);
  const typeOf = (path: readonly string[]) => typeAt(target, path, shared.definitions);
  const text = functionBody(mapping, { shared, direction, mayRefuse, typeAt: typeOf });
  const comment = docComment({
    description: [`${source.typeName} as ${target.typeName}.`, ...evolution.lossy[direction].map(lossText)].join("\n"),
  });
  const payload = (version: EventVersion) =>
    ts`${runtimeType("Payload")}<${typeImport(version.typeName, messagePath(event, version))}>`;
  const custom = hasParts ? ts`, custom: ${new Name(evolution.partsType)}` : trusted("");
  const refusal = mapping.isPartial || mayRefuse ? ts` | ${runtimeType("Unrepresentable")}` : trusted("");
  const code = ts`
    ${trusted(comment)}export function ${new Name(direction)}(from: ${payload(source)}${custom}): ${payload(target)}${refusal} {
      ${trusted(text)}
    }
  `;
  return { code, text };
}

function lossText({ path, why }: Loss): string {
  return `Loses ${path}: ${why}.`;
}
