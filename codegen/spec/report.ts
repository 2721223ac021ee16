/** Collects what is wrong with a contract while it is read, by place. */
import { type Diagnostic, hasErrors, ordered, type Severity } from "../diagnostic.ts";
import type { DiagnosticCode } from "../errors.ts";
import { type Pointer, under, within } from "./pointer.ts";
import type { Side, Source } from "./source.ts";

/** Where something is wrong: a pointer, or a pointer with the side of `key: value` that is meant. */
export type Place = Pointer | { readonly at: Pointer; readonly side: Side };

/** The diagnostics of one document. */
export class Report {
  readonly #source: Source;
  readonly #found: Diagnostic[] = [];
  readonly #wrong = new Set<Pointer>();

  constructor(source: Source) {
    this.#source = source;
  }

  /** Says that something keeps code from being generated. `hint` says what to do, in one sentence. */
  error(code: DiagnosticCode, place: Place, message: string, hint = ""): void {
    this.#add("error", code, place, message, hint);
  }

  /** Says that something is probably not meant. */
  warning(code: DiagnosticCode, place: Place, message: string, hint = ""): void {
    this.#add("warning", code, place, message, hint);
  }

  get hasErrors(): boolean {
    return hasErrors(this.#found);
  }

  /** Whether something was reported with this code. */
  has(code: DiagnosticCode): boolean {
    return this.#found.some((diagnostic) => diagnostic.code === code);
  }

  /** Whether an error was already reported at a place or at its `$ref`. */
  concerns(at: Pointer): boolean {
    return this.#wrong.has(at) || this.#wrong.has(under(at, "$ref"));
  }

  /** Whether an error was already reported at a place or inside it. */
  concernsPartOf(at: Pointer): boolean {
    return [...this.#wrong].some((wrong) => within(wrong, at));
  }

  /** Everything that was found, in the order of the document. */
  get diagnostics(): readonly Diagnostic[] {
    return ordered(this.#found);
  }

  #add(severity: Severity, code: DiagnosticCode, place: Place, message: string, hint: string): void {
    const { at, side } = typeof place === "string" ? { at: place, side: "auto" as const } : place;
    const range = this.#source.locate(at, side);
    if (severity === "error") this.#wrong.add(at);
    this.#found.push({ code, severity, file: this.#source.file, ...range, message, hint });
  }
}
