/** Makes an example of the new version of one of the old, by steps that were inferred. */
import { isList, isObject, own } from "../spec/json.ts";
import { tokens } from "../spec/pointer.ts";
import type { InferredStep } from "./infer/inference.ts";

type Draft = Record<string, unknown>;

/** A payload with the steps carried out; undefined when one of them has to be looked at by a person first. */
export function raiseExample(payload: unknown, steps: readonly InferredStep[]): unknown {
  if (!isObject(payload)) return undefined;
  const draft: Draft = structuredClone(payload);
  return steps.every((step) => raise(draft, step)) ? draft : undefined;
}

function raise(draft: Draft, { kind, arguments: args, inner }: InferredStep): boolean {
  const path = (name: string): string => textOf(own(args, name));
  switch (kind) {
    case "rename":
      return move(draft, path("from"), path("to"));
    case "add":
      return put(draft, path("to"), own(args, "value"));
    case "remove":
      take(draft, path("from"));
      return true;
    case "wrap":
      return move(draft, path("from"), path("to"), (value) => [value]);
    case "nest":
      return fields(args).every(([from, to]) => move(draft, from, path("into") + to));
    case "flatten": {
      const done = fields(args).every(([from, to]) => move(draft, path("from") + from, to));
      take(draft, path("from"));
      return done;
    }
    case "convert":
      return move(draft, path("field"), path("field"), (value) =>
        path("to") === "string" ? String(value) : Number(value),
      );
    case "values":
      return move(draft, path("field"), path("field"), (value) => own(own(args, "up"), String(value)) ?? value);
    case "each": {
      const list = read(draft, path("in"));
      return (
        !isList(list) ||
        list.every((element) => isDraft(element) && (inner ?? []).every((step) => raise(element, step)))
      );
    }
    default:
      return false;
  }
}

function fields(args: Readonly<Record<string, unknown>>): [string, string][] {
  const table = own(args, "fields");
  return isObject(table) ? Object.entries(table).map(([from, to]) => [from, textOf(to)]) : [];
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** What is not there is not moved: the property is optional. */
function move(draft: Draft, from: string, to: string, change: (value: unknown) => unknown = (value) => value): boolean {
  const value = take(draft, from);
  return value === undefined || put(draft, to, change(value));
}

function read(draft: Draft, path: string): unknown {
  return tokens(path).reduce<unknown>((value, name) => own(value, name), draft);
}

function take(draft: Draft, path: string): unknown {
  const names = tokens(path);
  const owner = names.slice(0, -1).reduce<unknown>((value, name) => own(value, name), draft);
  const name = names.at(-1) ?? "";
  const value = own(owner, name);
  if (isDraft(owner)) delete owner[name];
  return value;
}

function put(draft: Draft, path: string, value: unknown): boolean {
  const names = tokens(path);
  let owner = draft;
  for (const name of names.slice(0, -1)) {
    const next: unknown = own(owner, name) ?? {};
    if (!isDraft(next)) return false;
    owner[name] = next;
    owner = next;
  }
  owner[names.at(-1) ?? ""] = value;
  return true;
}

function isDraft(value: unknown): value is Draft {
  return isObject(value);
}
