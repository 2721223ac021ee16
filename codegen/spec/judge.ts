/** @asyncapi/parser as the judge of every document, with its diagnostics in our words and without their noise. */
import type { Diagnostic as ParserDiagnostic, Parser } from "@asyncapi/parser";
import { posix, resolve } from "node:path";
import { failureOf } from "./judge-failure.ts";
import { hintFor } from "./judge-hints.ts";
import { nodeAt } from "./node.ts";
import { fileName, type Pointer, tokens, under, within } from "./pointer.ts";
import type { Place, Report } from "./report.ts";
import type { Source } from "./source.ts";
import { withCauses } from "./structural-causes.ts";
import { structureOf } from "./structure.ts";

/**
 * Says whether a document is valid AsyncAPI, and reports where it is not.
 * @param misled Places that a wrong `$ref` made something else of; what is wrong there is a consequence.
 */
export type Judge = (source: Source, misled: readonly Pointer[], report: Report) => Promise<void>;

/** What follows from another fault, or says only that some branch of the meta-schema did not fit. */
const NOISE = [
  /must match "(then|else|if)" schema/,
  /must match (exactly one|a) schema/i,
  /^Item at index \d+ must be array/,
  /should not be valid under/,
];

let parser: Promise<Parser> | undefined;

/** Whether a rule of the judge has one of ours, which says more exactly where and what once this gate is passed. */
function hasOurRule({ code, path }: ParserDiagnostic, { data }: Source, report: Report): boolean {
  if (!report.strict || code !== "asyncapi3-channel-parameters") return false;
  // Of a parameter that several channels refer to it says that one is at fault, and not which.
  const shared =
    path[0] === "components" && path[1] === "parameters" && nodeAt(data, "/components/channels") === undefined;
  return path[0] === "channels" || shared;
}

/**
 * Asks @asyncapi/parser whether the document is valid AsyncAPI. Only its errors count: its recommendations are
 * opinions on style (a licence, a contact, the latest version).
 * @param misled Places that a wrong `$ref` made something else of; what the judge says of them is a consequence.
 */
export async function judge(source: Source, misled: readonly Pointer[], report: Report): Promise<void> {
  parser ??= makeParser();
  for (const [file, text] of source.texts) others.set(resolve(file), text);
  const found = await (await parser).validate(source.text, { source: resolve(source.file) });
  const judged = found.filter(isError).map((error) => inSource(error, source));
  const errors = await withCauses(judged, source);
  for (const error of [...judged, ...errors]) {
    report.confirm(pointerOf(error));
    report.confirm(under("", ...error.path));
  }
  const clear = withoutConsequences(
    errors.filter((error) => !isNoise(error) && !isKnown(error, source, misled, report)),
    report,
  );
  // Where the noise is all there is, the innermost of it is nearest to the cause.
  const unsaid = errors
    .filter((error) => !hasOurRule(error, source, report))
    .toSorted((a, b) => b.path.length - a.path.length);
  const shown = clear.length > 0 || report.hasErrors ? clear : unsaid.slice(0, 1);
  for (const error of shown) {
    const failure = error.code === "uncaught-error" ? failureOf(source.data) : undefined;
    if (failure !== undefined) {
      report.error("DOCUMENT_INVALID", failure.place, failure.message, failure.hint);
      continue;
    }
    const code = error.code === "invalid-ref" ? "REF_UNRESOLVED" : "DOCUMENT_INVALID";
    const at = pointerOf(error);
    report.error(code, placeOf(error, at), messageOf(error), hintFor(error, at, source));
  }
}

/** The texts of the files that documents refer to, so that the judge reads what we read. */
const others = new Map<string, string>();

/** An error with its path from the root of the joined document. */
function inSource(error: ParserDiagnostic, { file }: Source): ParserDiagnostic {
  const { source, path } = error;
  if (source === undefined || source === resolve(file)) return error;
  return { ...error, path: [fileName(posix.relative(posix.dirname(resolve(file)), source)), ...path] };
}

/**
 * A parser that compiles the meta-schemas of AsyncAPI once. Its own two rules of structure compile them anew for each
 * document, which is most of the time that a document takes: they keep what they compiled by the document's inventory.
 * Ours are the same rules, given the first document's inventory every time, and asked only where the kept validator
 * of the same meta-schema does not accept the document.
 */
async function makeParser(): Promise<Parser> {
  const [{ Parser }, { documentStructure, getSchema }] = await Promise.all([
    import("@asyncapi/parser"),
    import("@asyncapi/parser/cjs/ruleset/functions/documentStructure.js"),
  ]);
  type Arguments = Parameters<typeof documentStructure>;
  let kept: Arguments[2]["documentInventory"] | undefined;
  const structure = (input: Arguments[0], options: Arguments[1], context: Arguments[2]) => {
    const formats = context.document?.formats;
    const schema = formats instanceof Set ? getSchema(formats, options.resolved) : undefined;
    if (schema !== undefined && structureOf(schema)?.(input) === true) return [];
    kept ??= context.documentInventory;
    return documentStructure(input, options, { ...context, documentInventory: kept });
  };
  const rule = (resolved: boolean) => ({
    message: "{{error}}",
    severity: "error" as const,
    resolved,
    given: "$",
    then: { function: structure, functionOptions: { resolved } },
  });
  return new Parser({
    __unstable: { resolver: { cache: false, resolvers: [{ schema: "file", order: 1, read: readOther }] } },
    ruleset: {
      recommended: false,
      rules: { "asyncapi-document-resolved": rule(true), "asyncapi-document-unresolved": rule(false) },
    },
  });
}

function readOther(uri: { toString(): string }): string {
  const path = decodeURIComponent(uri.toString().replace(/^file:\/\//, ""));
  const text = others.get(path);
  if (text === undefined) throw new Error(`${path} cannot be read`);
  return text;
}

/** Whether our own checks have said it already, or what it follows from. */
function isKnown(error: ParserDiagnostic, source: Source, misled: readonly Pointer[], report: Report): boolean {
  const at = pointerOf(error);
  if (hasOurRule(error, source, report) || report.concerns(at) || misled.some((place) => within(at, place))) {
    return true;
  }
  if (report.has("REF_UNRESOLVED")) {
    // A reference that leads to a dangling one dangles too.
    if (error.code === "invalid-ref") return true;
    // An item that dangles is judged as what it is, a reference, and placed where it would lead to.
    if (error.message.startsWith("Item at index") && !Array.isArray(nodeAt(source.data, at)?.value)) return true;
  }
  return /must be equal to|type must be/.test(error.message) && report.concernsPartOf(at);
}

/** Whether the parser calls it an error: severity 0 in the protocol that editors speak. */
export function isError({ severity }: { readonly severity: number }): boolean {
  return severity === 0;
}

function isNoise(error: ParserDiagnostic): boolean {
  return NOISE.some((noise) => noise.test(error.message));
}

/**
 * A message of AsyncAPI 2 is one message or a list of several, and what is wrong inside one makes it neither; and each
 * schema is judged twice, as part of the document and by itself.
 */
function withoutConsequences(errors: readonly ParserDiagnostic[], report: Report): readonly ParserDiagnostic[] {
  const places = errors.map(pointerOf);
  return errors.filter((error, index) => {
    const at = pointerOf(error);
    const causedInside = report.concernsPartOf(at) || places.some((place) => place !== at && within(place, at));
    if (/is not expected to be here|required property "oneOf"/.test(error.message) && causedInside) return false;
    // A default that is refused is one fault, however much it lacks.
    const again = /schemas|-default$|-examples$/.test(String(error.code));
    return !again || places.indexOf(at) === index;
  });
}

function pointerOf(error: ParserDiagnostic): Pointer {
  const pointer = under("", ...error.path);
  return tokens(pointer).at(-1) === "$ref" ? pointer.slice(0, -"/$ref".length) : pointer;
}

function placeOf(error: ParserDiagnostic, at: Pointer): Place {
  if (/is not expected to be here/.test(error.message)) return { at, side: "name" };
  return error.path.at(-1) === "$ref" ? under(at, "$ref") : at;
}

function messageOf(error: ParserDiagnostic): string {
  const thrown = /^Error thrown during AsyncAPI document validation.*?, message: (.*?)(, stack: |$)/s.exec(
    error.message,
  );
  if (thrown !== null) return `the AsyncAPI parser fails on this document: ${thrown[1]}`;
  const message = error.message.replace(/\s*Did you mean .*\?$/s, "").replace(/\.$/, "");
  const rule = String(error.code);
  return rule.startsWith("asyncapi-document-") ? message : `${message} (${rule})`;
}
