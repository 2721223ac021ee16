/** Writes what was inferred as `x-evolves`: the value, and the lines of a block with its doubts as comments. */
import type { InferredStep, Inference } from "./infer/inference.ts";
import { printed } from "./printed.ts";

/** One value in both forms, as `ContractEditor.set` takes it. */
export interface WrittenEvolution {
  readonly value: unknown;
  readonly block: readonly string[];
}

/** @param from The key of the older version's message. */
export function writeEvolution(from: string, { steps, lossy, open }: Inference): WrittenEvolution {
  const losses = (["up", "down"] as const).filter((direction) => lossy[direction].length > 0);
  const value = {
    from,
    steps: steps.map(stepValue),
    ...(losses.length === 0
      ? {}
      : { lossy: Object.fromEntries(losses.map((direction) => [direction, lossy[direction]])) }),
  };
  const block = [
    `from: ${printed(from, "block")}`,
    ...(steps.length === 0 ? ["steps: []"] : ["steps:", ...steps.flatMap((step) => stepLines(step, "  "))]),
    ...open.map((note) => `  # not inferred: ${oneLine(note)}`),
    ...(losses.length === 0 ? [] : ["lossy:"]),
    ...losses.flatMap((direction) => [`  ${direction}:`, ...lossy[direction].map((loss) => `    - ${printed(loss)}`)]),
  ];
  return { value, block };
}

/** The steps as a person reads them who cannot be shown comments, one line each. */
export function doubtsOf(steps: readonly InferredStep[]): string[] {
  return steps.flatMap((step) => [
    ...(step.unsure === undefined ? [] : [`${step.kind} ${printed(step.arguments)}: ${step.unsure}`]),
    ...doubtsOf(step.inner ?? []),
  ]);
}

/** The step as `x-evolves` holds it. */
export function stepValue({ kind, arguments: args, inner }: InferredStep): Readonly<Record<string, unknown>> {
  return { [kind]: inner === undefined ? args : { ...args, steps: inner.map(stepValue) } };
}

function stepLines({ kind, arguments: args, inner, unsure }: InferredStep, indent: string): string[] {
  const doubt = unsure === undefined ? "" : ` # unsure: ${oneLine(unsure)}`;
  if (inner === undefined)
    return [`${indent}- ${printed({ [kind]: args })}${doubt}`.replace(/- \{ (.*) \}( #.*)?$/, "- $1$2")];
  return [
    `${indent}- ${kind}:${doubt}`,
    ...Object.entries(args).map(([name, value]) => `${indent}    ${name}: ${printed(value)}`),
    `${indent}    steps:`,
    ...inner.flatMap((step) => stepLines(step, `${indent}      `)),
  ];
}

/** A comment ends with its line, whatever a contract calls its properties. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, " ");
}
