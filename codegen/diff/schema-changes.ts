/** Changes of one schema that both contracts have. */
import { createHash } from "node:crypto";
import type { JsonSchema, Model, Pointer } from "../model/model.ts";
import type { Acknowledgement } from "../spec/contract.ts";
import type { Change, Direction, Finding, Verdict } from "./change.ts";
import { documentOf } from "./document.ts";
import type { Edit } from "./edit.ts";
import { judgeSchemas } from "./verdict.ts";

/** A schema of one of the contracts. */
export interface SchemaOf {
  readonly schema: JsonSchema;
  readonly pointer: Pointer;
  readonly model: Model;
}

/** What is asked of a pair of schemas. */
export interface SchemaQuestion {
  /** `orders.created v1`. */
  readonly subject: string;
  /** What the ids of its changes start with: `v1`. */
  readonly prefix: string;
  readonly before: SchemaOf;
  readonly after: SchemaOf;
  /** The directions that can be told of, and those that must be compatible. */
  readonly directions: readonly Direction[];
  readonly asked: readonly Direction[];
  /** What somebody answers for; undefined where the contract has no place to say it. */
  readonly acknowledged: readonly Acknowledgement[] | undefined;
  /** What to do about a change that breaks. */
  readonly remedy: string;
  readonly since?: string | undefined;
}

/** Every change between two schemas, with its verdict. */
export function schemaChanges(question: SchemaQuestion): Change[] {
  const { before, after, directions, asked } = question;
  const base = documentOf(before.schema, before.pointer, before.model);
  const current = documentOf(after.schema, after.pointer, after.model);
  return judgeSchemas(base.schema, current.schema, directions).map(({ edit, answers }) => {
    const findings = [...answers].map(([direction, answer]): Finding => ({
      direction,
      demanded: asked.includes(direction),
      ...answer,
    }));
    return changeOf(question, edit, current.place(edit.at), findings);
  });
}

function changeOf(question: SchemaQuestion, edit: Edit, at: Pointer, findings: readonly Finding[]): Change {
  const { subject, prefix, since } = question;
  const id = `${prefix}${edit.path}:${edit.kind}:${fingerprint(edit)}`;
  const verdict = worst(findings.filter(({ demanded }) => demanded).map((finding) => finding.verdict));
  const change = { kind: edit.kind, id, subject, path: edit.path, what: edit.what, at, verdict, findings };
  return settled(
    { ...change, ...(since === undefined ? {} : { since }), hint: "" },
    question.acknowledged,
    question.remedy,
  );
}

/**
 * A change with its acknowledgement, and with what to do when it does not pass.
 * @param acknowledged Undefined where the contract has no place to say it.
 */
export function settled(change: Change, acknowledged: readonly Acknowledgement[] | undefined, remedy: string): Change {
  if (change.verdict === "compatible") return change;
  if (change.verdict === "breaking") return { ...change, hint: remedy };
  if (acknowledged === undefined) return { ...change, hint: "Look at it yourself: it could not be told." };
  const answer = acknowledged.find((one) => one.change === change.id);
  if (answer !== undefined) return { ...change, acknowledged: answer };
  const entry = `{ change: '${change.id.replaceAll("'", "''")}', reason: ..., date: ... }`;
  return { ...change, hint: `If you know that it is safe, add to x-version: acknowledged: [${entry}].` };
}

function worst(verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict === "breaking") ??
    verdicts.find((verdict) => verdict === "undecided") ??
    "compatible"
  );
}

function fingerprint({ before, after }: Edit): string {
  // JSON has no undefined.
  const said = JSON.stringify([before ?? "\u0000", after ?? "\u0000"]);
  return createHash("sha256").update(said).digest("hex").slice(0, 8);
}
