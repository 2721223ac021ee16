/**
 * A judge that is quick and knows when it is not sure. It says yes to a document of AsyncAPI 3 that keeps the rules
 * beside the meta-schema, whose references lead to what is wanted where they stand, and whose structure the meta-schema
 * accepts, having looked only at what is new since a document that the real judge has accepted. It leaves to the real one
 * everything else: what it would refuse, what lies in several files, schemas in other languages, other versions, whose
 * rules are many.
 */
import { isDeepStrictEqual } from "node:util";
import { isObject, own } from "./json.ts";
import { failureOf } from "./judge-failure.ts";
import type { Judge } from "./judge.ts";
import { keepsPlainRefs } from "./plain-refs.ts";
import { keepsPlainRules } from "./plain-rules.ts";
import { structureOf } from "./structure.ts";
import { majorOf } from "./version.ts";

/** Members of the root, and of its components, that are collections by name: nothing in one depends on its neighbours. */
const COLLECTIONS = new Set(["channels", "operations", "servers"]);

export class QuickJudge {
  #accepted: unknown;
  #latest: unknown;
  #isSure = false;

  /** Whether it was asked about the latest document, and the answer was yes. */
  get isSure(): boolean {
    return this.#isSure;
  }

  /** Begins with another document. */
  forget(): void {
    this.#isSure = false;
  }

  /** Hands in that the real judge has accepted the latest document. */
  confirm(): void {
    this.#accepted = this.#latest;
  }

  /** Never reports anything: where it is not sure, somebody has to ask the real judge. */
  readonly judge: Judge = async ({ data, text, texts }) => {
    this.#latest = data;
    // Where a reference leads to a schema in another language, the real judge holds it to another rule.
    const isSimple = texts.size === 1 && !text.includes("schemaFormat") && majorOf(data) === 3;
    this.#isSure =
      isSimple &&
      keepsPlainRules(data) &&
      keepsPlainRefs(data) &&
      failureOf(data) === undefined &&
      (await acceptsStructure(changedPart(data, this.#accepted)));
  };
}

async function acceptsStructure(document: unknown): Promise<boolean> {
  const [{ getSchema }, { AsyncAPIFormats }] = await Promise.all([
    import("@asyncapi/parser/cjs/ruleset/functions/documentStructure.js"),
    import("@asyncapi/parser/cjs/ruleset/formats.js"),
  ]);
  const formats = [...AsyncAPIFormats].map(([, format]) => format).filter((format) => format(document, null));
  const schema = getSchema(new Set(formats), false);
  return schema !== undefined && structureOf(schema)?.(document) === true;
}

/** The document without the entries of collections that an accepted one has as well. */
function changedPart(document: unknown, accepted: unknown): unknown {
  if (!isObject(document) || !isObject(accepted)) return document;
  // Each version has a meta-schema of its own.
  if (own(document, "asyncapi") !== own(accepted, "asyncapi")) return document;
  return mapped(document, (name, value) => {
    const before = own(accepted, name);
    if (COLLECTIONS.has(name)) return withoutKnown(value, before);
    if (name !== "components" || !isObject(value)) return value;
    return mapped(value, (kind, collection) => withoutKnown(collection, own(before, kind)));
  });
}

function withoutKnown(collection: unknown, before: unknown): unknown {
  if (!isObject(collection)) return collection;
  return Object.fromEntries(
    Object.entries(collection).filter(([name, value]) => !isDeepStrictEqual(own(before, name), value)),
  );
}

function mapped(members: object, map: (name: string, value: unknown) => unknown): object {
  return Object.fromEntries(Object.entries(members).map(([name, value]) => [name, map(name, value)]));
}
