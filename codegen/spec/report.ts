/** Collects what is wrong with a contract while it is read, by place. */
import { type Diagnostic, hasErrors, ordered, type Severity } from "../diagnostic.ts";
import type { DiagnosticCode } from "../errors.ts";
import { type Pointer, under, within } from "./pointer.ts";
import type { Side, Source } from "./source.ts";

/** Where something is wrong: a pointer, or a pointer with the side of `key: value` that is meant. */
export type Place = Pointer | { readonly at: Pointer; readonly side: Side };

export interface ReportOptions {
  /** Whether every fault is an error; otherwise the document is another's, and may be valid and sloppy. Default: it is. */
  readonly strict?: boolean;
  /** What was found before. */
  readonly faults?: readonly Diagnostic[];
}

/** The diagnostics of one document. */
export class Report {
  readonly #source: Source;
  readonly #strict: boolean;
  readonly #found: Diagnostic[] = [];
  /** Faults that are warnings, by their places. */
  readonly #doubts = new Map<Pointer, Diagnostic>();
  readonly #wrong = new Set<Pointer>();
  readonly #mentioned = new Set<Pointer>();

  constructor(source: Source, { strict = true, faults = [] }: ReportOptions = {}) {
    this.#source = source;
    this.#strict = strict;
    this.#found.push(...faults);
  }

  /** Whether every fault is an error. */
  get strict(): boolean {
    return this.#strict;
  }

  /** Says that something keeps code from being generated. `hint` says what to do, in one sentence. */
  error(code: DiagnosticCode, place: Place, message: string, hint = ""): void {
    this.#add("error", code, place, message, hint);
  }

  /**
   * Says that something is at fault that AsyncAPI itself allows, or that no validator of AsyncAPI sees: an error in a
   * contract of ours, a warning in another's document. Whoever reports it must be able to go on.
   */
  fault(code: DiagnosticCode, place: Place, message: string, hint = ""): void {
    if (this.#strict) return this.#add("error", code, place, message, hint);
    const before = this.#found.length;
    this.#add("warning", code, place, message, hint);
    const [added] = this.#found.slice(before);
    if (added !== undefined) this.#doubts.set(typeof place === "string" ? place : place.at, added);
  }

  /** Makes an error of a fault at a place, which AsyncAPI does not allow after all. Returns whether there was one. */
  confirm(at: Pointer): boolean {
    const doubt = this.#doubts.get(at);
    // What stands beside `$ref` is read by nobody, so it cannot be what AsyncAPI does not allow.
    if (doubt === undefined || doubt.code === "SCHEMA_REF_SIBLING") return false;
    this.#found.splice(this.#found.indexOf(doubt), 1, { ...doubt, severity: "error" });
    this.#doubts.delete(at);
    this.#wrong.add(at);
    return true;
  }

  /** Says what was decided where the document says nothing. */
  note(code: DiagnosticCode, place: Place, message: string, hint = ""): void {
    this.#add("note", code, place, message, hint);
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

  /** Whether anything was already reported at a place. */
  mentions(at: Pointer): boolean {
    return this.#mentioned.has(at);
  }

  /** Whether an error was already reported at a place or at its `$ref`. */
  concerns(at: Pointer): boolean {
    return this.#wrong.size > 0 && (this.#wrong.has(at) || this.#wrong.has(under(at, "$ref")));
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
    this.#mentioned.add(at);
    if (severity === "error") this.#wrong.add(at);
    this.#found.push({ code, severity, ...range, message, hint });
  }
}
