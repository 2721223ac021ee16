/** The mappings of a contract as the laws take them: generated functions and validators, loaded from the disk. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { evolutionsOf, customSteps } from "../../model/evolution.ts";
import type { Event, EventVersion, Model } from "../../model/model.ts";
import { isObject } from "../../spec/json.ts";
import type { Golden, LawSubject, Side } from "./subject.ts";

export interface SubjectOptions {
  /** The directory of the generated code, with a slash at its end. */
  readonly generated: URL;
  /** The hand-written parts of mappings, by key: `{ orderCreatedV1V2: { ... } }`. */
  readonly parts?: Readonly<Record<string, unknown>>;
  /** The directory of recorded payloads, `<Message>.json` each, with a slash at its end. */
  readonly golden?: URL;
}

/** The mappings of one event, oldest pair first. */
export interface EventSubjects {
  readonly event: string;
  readonly subjects: readonly LawSubject[];
}

type Generated = (...values: readonly unknown[]) => unknown;

/** Every mapping of a contract, by event. Throws when hand-written parts are missing, or nothing was generated. */
export async function lawSubjects(
  model: Model,
  { generated, parts = {}, golden }: SubjectOptions,
): Promise<readonly EventSubjects[]> {
  const definitions = new Map(model.schemas.map(({ name, schema }) => [name, schema]));
  const recorded = golden === undefined ? [] : readGolden(golden);
  const subjectsOf = async (event: Event): Promise<EventSubjects> => ({
    event: event.channel,
    subjects: await Promise.all(
      evolutionsOf(event).map(async ({ evolution, from, to }): Promise<LawSubject> => {
        const { partsKey, unrepresentable, lossy } = evolution;
        const shims = await load(new URL(`events/${event.directory}/v${from.number}-v${to.number}.ts`, generated));
        const written = parts[partsKey];
        if (customSteps(evolution.steps).length > 0 && written === undefined) {
          throw new Error(`${to.typeName} has hand-written parts, and none are given as ${partsKey}`);
        }
        return {
          name: `${from.typeName} to ${to.typeName}`,
          from: await sideOf(event, from, generated),
          to: await sideOf(event, to, generated),
          up: (payload) => functionOf(shims, "up")(payload, written),
          down: (payload) => functionOf(shims, "down")(payload, written),
          lossy: { up: lossy.up.map(({ path }) => path), down: lossy.down.map(({ path }) => path) },
          mayRefuseUp: unrepresentable.up !== undefined,
          key: event.key,
          definitions,
          golden: recorded,
        };
      }),
    ),
  });
  const all = await Promise.all(model.events.map(subjectsOf));
  return all.filter(({ subjects }) => subjects.length > 0);
}

async function sideOf(event: Event, { typeName, number, schema }: EventVersion, generated: URL): Promise<Side> {
  const validate = functionOf(
    await load(new URL(`events/${event.directory}/v${number}.validate.js`, generated)),
    "validate",
  );
  return { name: typeName, schema, validate: (body) => validate(body) === true };
}

async function load(file: URL): Promise<unknown> {
  return import(file.href);
}

/** What a generated module exports. Throws when it is not there. */
function functionOf(module: unknown, name: string): Generated {
  const exported: unknown = isObject(module) ? module[name] : undefined;
  if (!isFunction(exported)) throw new Error(`the generated code has no ${name}: generate it again`);
  return exported;
}

function isFunction(value: unknown): value is Generated {
  return typeof value === "function";
}

/** What was recorded: `[{ "name": "...", "body": {...}, "becomes": { "OrderCreatedV2": {...} } }]` in each file. */
function readGolden(directory: URL): readonly Golden[] {
  if (!existsSync(directory)) return [];
  const files = readdirSync(directory).filter((name) => name.endsWith(".json"));
  return files
    .toSorted((a, b) => (a < b ? -1 : 1))
    .flatMap((file) => {
      const recorded: unknown = JSON.parse(readFileSync(new URL(file, directory), "utf8"));
      if (!Array.isArray(recorded)) throw new Error(`${file} must be a list of { "name", "body", "becomes" }`);
      return recorded.map((entry: unknown, index): Golden => {
        if (!isObject(entry) || entry["body"] === undefined) throw new Error(`entry ${index} of ${file} has no body`);
        const becomes = isObject(entry["becomes"]) ? entry["becomes"] : {};
        return {
          message: file.slice(0, -".json".length),
          name: typeof entry["name"] === "string" ? entry["name"] : `entry ${index}`,
          body: entry["body"],
          becomes,
        };
      });
    });
}
