/** What is wrong with an evolution, before it is a diagnostic with a position. */
import type { DiagnosticCode } from "../../errors.ts";
import type { Place } from "../../spec/report.ts";

export interface Fault {
  readonly code: DiagnosticCode;
  readonly place: Place;
  readonly message: string;
  readonly hint: string;
}

/** Stops one operation whose fault was noted. */
export class Refused extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** Gives up one operation. */
export function refuse(code: DiagnosticCode, place: Place, message: string, hint: string): never {
  throw new Refused({ code, place, message, hint });
}
