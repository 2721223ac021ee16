/** Checks every evolution of a model against the schemas of both of its versions. */
import type { Definitions } from "../emit/json-schema.ts";
import { createJudge } from "../evolution/mapping/judge.ts";
import { mapVersions, statementsIn, type Mapping } from "../evolution/mapping/mapping.ts";
import { pointerOf } from "../evolution/mapping/payload.ts";
import { schemaAt, viewElement, viewObject } from "../evolution/mapping/schema-view.ts";
import { isRefusal } from "../evolution/mapping/terms.ts";
import { tokens, under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { meant } from "../suggest.ts";
import { evolutionsOf, type Evolution } from "./evolution.ts";
import type { EventVersion, JsonSchema, Model } from "./model.ts";

/** Reports steps that cannot be carried out, and mappings that do not make the one version of the other. */
export function checkEvolutions(model: Model, report: Report): void {
  const evolutions = model.events.flatMap((event) => evolutionsOf(event).map((pair) => ({ ...pair, key: event.key })));
  if (evolutions.length === 0) return;
  const definitions: Definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));
  const judge = createJudge(definitions);
  for (const versions of evolutions) {
    const { evolution, from, to } = versions;
    checkLosses(evolution, "up", from, definitions, report);
    checkLosses(evolution, "down", to, definitions, report);
    const unreadable = [from, to].find(({ schema }) => isUnreadable(schema, definitions));
    if (unreadable !== undefined) {
      const message = `${unreadable.typeName} is not an object that lists its properties, so no steps can be said of it`;
      report.error(
        "EVOLVES_TYPE",
        { at: evolution.pointer, side: "name" },
        message,
        "Let its schema be an object with properties.",
      );
      continue;
    }
    const { up, faults } = mapVersions(versions, definitions, judge);
    for (const { code, place, message, hint } of faults) report.error(code, place, message, hint);
    if (faults.length === 0) checkPolicy(evolution, up, from, to, report);
  }
}

function isUnreadable(schema: JsonSchema, definitions: Definitions): boolean {
  return viewObject(schema, definitions)?.isDictionary !== false;
}

function checkLosses(
  evolution: Evolution,
  direction: "up" | "down",
  version: EventVersion,
  definitions: Definitions,
  report: Report,
): void {
  for (const { at, path } of evolution.lossy[direction]) {
    const names = tokens(path);
    const known = names.findIndex(
      (_name, depth) => schemaAt(version.schema, names.slice(0, depth + 1), definitions) === undefined,
    );
    if (known < 0) continue;
    const around = names.slice(0, known);
    const holder = schemaAt(version.schema, around, definitions) ?? true;
    const members =
      viewElement(holder, definitions) === undefined
        ? [...(viewObject(holder, definitions)?.properties.keys() ?? [])]
        : ["*"];
    const hint = meant(
      pointerOf(names.slice(0, known + 1)),
      members.map((name) => pointerOf([...around, name])),
    );
    report.error("EVOLVES_LOSSY", under(at, "path"), `${version.typeName} has no ${path}, so it cannot be lost`, hint);
  }
}

/** On the way down there is a default: skipped, and counted. On the way up a reader waits for every event. */
function checkPolicy(evolution: Evolution, up: Mapping, from: EventVersion, to: EventVersion, report: Report): void {
  const [reason] = statementsIn(up.plan, up.scope).filter(isRefusal);
  if (reason === undefined || evolution.unrepresentable.up !== undefined) return;
  const message = `this step cannot make a ${to.typeName} of every ${from.typeName}, and nothing says what happens to the others`;
  report.error(
    "EVOLVES_UNREPRESENTABLE",
    reason.at,
    message,
    "Say it: unrepresentable: { up: dead-letter }, or narrow the older schema.",
  );
}
