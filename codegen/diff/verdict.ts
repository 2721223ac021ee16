/** What single edits of a schema do to the two directions. */
import { compareSchemas } from "../evolution/compare.ts";
import type { JsonObject } from "../spec/json.ts";
import type { Direction, Fault } from "./change.ts";
import { closeWriter } from "./close-writer.ts";
import { confirmWitness } from "./confirm-witness.ts";
import { applied, type Edit, reverted } from "./edit.ts";
import { schemaEdits } from "./schema-edits.ts";

/** The answer in one direction. */
export type Answer =
  | { readonly verdict: "compatible" }
  | { readonly verdict: "breaking"; readonly witness: unknown; readonly faults: readonly Fault[] }
  | { readonly verdict: "undecided"; readonly reason: string };

/** An edit with the answer of each direction that was asked for. */
export interface JudgedEdit {
  readonly edit: Edit;
  readonly answers: ReadonlyMap<Direction, Answer>;
}

const COMPATIBLE: Answer = { verdict: "compatible" };

/**
 * Judges everything that changed between two schemas. The two as wholes decide; each edit is then tried alone, to tell
 * which of them is to blame. What no single edit explains is told of the schema as a whole.
 */
export function judgeSchemas(base: JsonObject, current: JsonObject, directions: readonly Direction[]): JudgedEdit[] {
  const edits = schemaEdits(base, current);
  const byDirection = directions.map(
    (direction) => [direction, judgeDirection(edits, base, current, direction)] as const,
  );
  const judged = edits.map((edit, index) => ({
    edit,
    answers: new Map(byDirection.map(([direction, { answers }]) => [direction, answers[index] ?? COMPATIBLE])),
  }));
  const unexplained = byDirection.flatMap(([direction, { rest }]) =>
    rest === undefined ? [] : [[direction, rest] as const],
  );
  return unexplained.length === 0
    ? judged
    : [...judged, { edit: asWhole(base, current), answers: new Map(unexplained) }];
}

/** Whether what one side may write is taken by the other. */
function judge(writer: JsonObject, reader: JsonObject): Answer {
  const closed = closeWriter(writer);
  const comparison = compareSchemas(closed, reader);
  if (comparison.verdict !== "breaking") return comparison;
  const faults = confirmWitness(closed, reader, comparison.witness);
  if (faults !== undefined) return { verdict: "breaking", witness: comparison.witness, faults };
  return {
    verdict: "undecided",
    reason: `the validator does not confirm that ${JSON.stringify(comparison.witness)} is written and refused`,
  };
}

interface Judged {
  readonly answers: readonly Answer[];
  /** The answer about the whole, where no edit explains it. */
  readonly rest: Answer | undefined;
}

function judgeDirection(edits: readonly Edit[], base: JsonObject, current: JsonObject, direction: Direction): Judged {
  const [writer, reader] = direction === "backward" ? [base, current] : [current, base];
  const whole = judge(writer, reader);
  // A schema with nothing in it that changed is not to blame for what cannot be proven of it.
  if (whole.verdict === "compatible" || (edits.length === 0 && whole.verdict === "undecided"))
    return { answers: edits.map(() => COMPATIBLE), rest: undefined };
  const answers = edits.map((edit): Answer => {
    const alone =
      direction === "backward"
        ? judge(base, applied(edit, base, current))
        : judge(current, reverted(edit, base, current));
    if (alone.verdict !== "breaking") return alone;
    const faults = confirmWitness(closeWriter(writer), reader, alone.witness);
    if (faults !== undefined) return { ...alone, faults: pointed(faults, alone.faults) };
    return { verdict: "undecided", reason: "alone it would break, and the other changes may make up for it" };
  });
  const isExplained = answers.some(({ verdict }) => verdict === "breaking" || verdict === whole.verdict);
  return { answers, rest: isExplained ? undefined : whole };
}

/** Of the reasons why the reader refuses a payload, those that are this edit's. */
function pointed(faults: readonly Fault[], alone: readonly Fault[]): readonly Fault[] {
  const own = faults.filter(({ path, message }) =>
    alone.some((fault) => fault.path === path && fault.message === message),
  );
  return own.length > 0 ? own : faults;
}

function asWhole(base: JsonObject, current: JsonObject): Edit {
  const what = "changes the schema so that its parts do not tell the whole";
  return { kind: "schema-replaced", path: "", what, at: "", before: base, after: current, parts: [] };
}
