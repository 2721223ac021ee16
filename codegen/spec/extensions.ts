/** Checks our own extensions: their shape, their spelling, and whether they stand where they are read. */
import { createRequire } from "node:module";
import type { ErrorObject, ValidateFunction } from "ajv";
import { type Accepts, keptValidator } from "../kept/kept-validator.ts";
import { loadPackage } from "../kept/load-package.ts";
import { closest, meant } from "../suggest.ts";
import { parseDuration } from "./duration.ts";
import { isObject, own } from "./json.ts";
import { lastToken, placeIn, type Pointer, tokens, under } from "./pointer.ts";
import type { Report } from "./report.ts";
import { type Kind, visits } from "./walk.ts";

/** The vocabulary that this version of the tool understands. */
const VOCABULARY = 1;

/** Where each extension is read. */
const READ_ON: Readonly<Record<string, readonly Kind[]>> = {
  "x-tandem": ["root"],
  "x-streams": ["root"],
  "x-jetstream": ["server"],
  "x-stream": ["channel"],
  "x-event": ["channel"],
  "x-service": ["operation", "operation trait"],
  "x-consumer": ["operation", "operation trait"],
  "x-retry": ["operation", "operation trait"],
  "x-dead-letter": ["operation", "operation trait"],
  "x-version": ["message", "message trait"],
  "x-evolves": ["message", "message trait"],
  "x-steps": ["components"],
  "x-sensitive": ["schema"],
};

/** Whether the document is a contract of ours, which speaks of more than AsyncAPI does. */
export function isOurs(document: unknown): boolean {
  return own(document, "x-tandem") !== undefined;
}

/** Whether what our extensions say can be understood; reports a vocabulary that cannot. */
export function isUnderstood(document: unknown, report: Report): boolean {
  const parts = [["", document] as const, ...otherContracts(document)];
  return parts.map(([at, part]) => isPartUnderstood(at, part, report)).every(Boolean);
}

function isPartUnderstood(at: Pointer, document: unknown, report: Report): boolean {
  const vocabulary = own(document, "x-tandem");
  if (vocabulary === undefined || vocabulary === VOCABULARY) return true;
  const hint = `Write x-tandem: ${VOCABULARY}, or install the version of the tool that understands this one.`;
  report.error(
    "TANDEM_VERSION_UNSUPPORTED",
    under(at, "x-tandem"),
    `x-tandem ${JSON.stringify(vocabulary)} is unsupported; this version understands ${VOCABULARY}`,
    hint,
  );
  return false;
}

/** Warns of our extensions in a document that is not one of ours: the line that says so was probably forgotten. */
export function checkForeign(document: unknown, report: Report): void {
  const first = visits(document)
    .flatMap(({ at, value }) => Object.keys(value).map((name) => ({ at: under(at, name), name })))
    .find(({ name }) => name !== "x-tandem" && Object.hasOwn(READ_ON, name));
  if (first === undefined) return;
  report.warning(
    "EXTENSION_UNREAD",
    { at: first.at, side: "name" },
    `${first.name} is not read, since the document has no x-tandem`,
    `If the contract is written for this tool, add the line x-tandem: ${VOCABULARY}.`,
  );
}

/** Kept, since compiling the schema takes longer than using it. */
let validator: Promise<ValidateFunction> | undefined;

async function compile(): Promise<ValidateFunction> {
  const [{ Ajv }, { default: schema }] = await Promise.all([
    import("ajv"),
    import("./extensions.schema.json", { with: { type: "json" } }),
  ]);
  return new Ajv({ allErrors: true, strict: false, verbose: true, validateSchema: false }).compile(schema);
}

/** The same schema without what it says of faults, so that a contract without any needs no compiler. */
let accepts: Promise<Accepts | undefined> | undefined;

async function findAccepts(): Promise<Accepts | undefined> {
  const { default: schema } = await import("./extensions.schema.json", { with: { type: "json" } });
  const load = createRequire(import.meta.url);
  const createAjv = () => {
    const { Ajv } = loadPackage<typeof import("ajv")>(load, "ajv", ["Ajv"]);
    return new Ajv({ strict: false, messages: false, validateSchema: false, code: { source: true } });
  };
  return keptValidator({ purpose: "extensions", schema, load, createAjv });
}

/** Reports extensions of a wrong shape, misspelt ones, and ones that stand where nothing reads them. */
export async function checkExtensions(document: unknown, report: Report): Promise<void> {
  checkNames(document, report);
  accepts ??= findAccepts();
  if ((await accepts)?.(document) === true) return;
  validator ??= compile();
  const validate = await validator;
  for (const [at, part] of [["", document] as const, ...otherContracts(document)]) {
    validate(part);
    for (const error of validate.errors ?? []) reportShape({ ...error, instancePath: at + error.instancePath }, report);
  }
}

/** The other documents of ours that a contract refers to, with their places. */
function otherContracts(document: unknown): [at: Pointer, part: unknown][] {
  if (!isObject(document)) return [];
  return Object.entries(document).flatMap(([name, part]) => {
    const at = under("", name);
    return placeIn(at).file !== "" && isOurs(part) ? [[at, part] as [Pointer, unknown]] : [];
  });
}

function checkNames(document: unknown, report: Report): void {
  for (const { kind, at, value } of visits(document)) {
    for (const name of Object.keys(value).filter((key) => key.startsWith("x-"))) {
      const place = { at: under(at, name), side: "name" } as const;
      const readOn = Object.hasOwn(READ_ON, name) ? READ_ON[name] : undefined;
      if (readOn?.includes(kind)) continue;
      if (readOn !== undefined) {
        report.error(
          "EXTENSION_MISPLACED",
          place,
          `${name} is not read on ${withArticle(kind)}`,
          `It belongs on ${readOn.map(withArticle).join(" or ")}.`,
        );
        continue;
      }
      const near = closest(name, Object.keys(READ_ON));
      if (near !== undefined) {
        report.error(
          "EXTENSION_UNKNOWN",
          place,
          `${name} is none of our extensions, but almost ${near}`,
          `Did you mean ${near}?`,
        );
      }
    }
  }
}

function reportShape(error: ErrorObject, report: Report): void {
  const at: Pointer = error.instancePath;
  const name = extensionAt(at);
  const { keyword, params, parentSchema, data } = error;
  const say = (place: Pointer | { at: Pointer; side: "name" }, message: string, hint = ""): void =>
    report.error("EXTENSION_INVALID", place, `${name}: ${message}`, hint);
  if (error.propertyName !== undefined) {
    const place = { at: under(at, error.propertyName), side: "name" } as const;
    return say(
      place,
      `"${error.propertyName}" cannot be a name here`,
      String(parentSchema?.["patternErrorMessage"] ?? ""),
    );
  }
  switch (keyword) {
    case "additionalProperties": {
      const unknown = String(params["additionalProperty"]);
      const known = isObject(parentSchema?.["properties"]) ? Object.keys(parentSchema["properties"]) : [];
      return say({ at: under(at, unknown), side: "name" }, `${unknown} is unknown here`, meant(unknown, known));
    }
    case "required":
      return say(at, `${String(params["missingProperty"])} is missing`, `Add ${String(params["missingProperty"])}.`);
    case "enum": {
      const allowed = Array.isArray(params["allowedValues"]) ? params["allowedValues"].map(String) : [];
      // A number is not misspelt.
      const hint = typeof data === "string" ? meant(data, allowed) : String(parentSchema?.["description"] ?? "");
      return say(at, `${JSON.stringify(data)} is none of ${allowed.join(", ")}`, hint);
    }
    case "pattern": {
      const hint = String(parentSchema?.["patternErrorMessage"] ?? "");
      if (parentSchema?.["title"] === "duration") {
        return report.error("DURATION_INVALID", at, `${name}: ${whyNoDuration(String(data))}`, hint);
      }
      return say(at, `"${String(data)}" cannot stand here`, hint);
    }
    case "minProperties":
    case "maxProperties":
      return say(at, parentSchema?.["title"] === "step" ? "a step has exactly one name" : "is empty");
    // What failed inside is reported by itself.
    case "propertyNames":
    case "if":
      return undefined;
    default:
      // What is defined once for many places says how it is written, and the places what it means.
      return say(
        at,
        wanted(error),
        String(parentSchema?.["description"] ?? parentSchema?.["patternErrorMessage"] ?? ""),
      );
  }
}

function whyNoDuration(text: string): string {
  const parsed = parseDuration(text);
  return "fault" in parsed ? parsed.fault : `"${text}" is not an ISO 8601 duration`;
}

function wanted({ keyword, params, parentSchema, message }: ErrorObject): string {
  if (keyword !== "type") return message ?? keyword;
  const type = String(params["type"]);
  if (type === "boolean") return "must be true or false";
  if (type === "integer") return "must be a whole number";
  if (type !== "object") return type === "array" ? "must be a list" : `must be a ${type}`;
  const required: unknown = parentSchema?.["required"];
  return Array.isArray(required) ? `must be a mapping that has ${required.join(" and ")}` : "must be a mapping";
}

/** The extension that a place lies in, with the path inside: `x-retry.strategy.delay`. */
function extensionAt(at: Pointer): string {
  const path = tokens(at);
  const start = path.findLastIndex((token) => Object.hasOwn(READ_ON, token));
  return start < 0 ? lastToken(at) || "the document" : path.slice(start).join(".");
}

function withArticle(kind: Kind): string {
  if (kind === "root") return "the document's root";
  if (kind === "components") return "components";
  if (kind === "other") return "this object";
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}
