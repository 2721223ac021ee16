/** Evolutions out of what messages say: shared lists of steps written out, names decided. */
import type { ChannelSpec, Contract, MessageSpec, MessageUse } from "../spec/contract.ts";
import type { Step as WrittenStep } from "../spec/evolution.ts";
import { under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { isPublished } from "../spec/roles.ts";
import { customSteps, type Evolution, type Step } from "./evolution.ts";
import { constNameOf, type Names, typeNameOf } from "./names.ts";
import { isReservedValue } from "./reserved.ts";

/** How the version before becomes this message. Reports when there is no saying, and both are in use. */
export function buildEvolution(
  message: MessageSpec,
  channel: ChannelSpec,
  contract: Contract,
  names: Names,
  report: Report,
): Evolution | undefined {
  const number = message.version?.number.value ?? 1;
  const before = channel.messages.find((use) => use.message.version?.number.value === number - 1);
  if (before === undefined) return undefined;
  const said = message.evolution;
  if (said === undefined) {
    if (areUsedTogether(number, channel, contract)) {
      const text = `${message.key} does not say how ${before.message.key} becomes it`;
      const hint = `Add x-evolves: { from: ${before.message.key}, steps: [...] }.`;
      report.error("EVOLVES_MISSING", { at: message.at, side: "name" }, text, hint);
    }
    return undefined;
  }
  const base = typeNameOf(message.key).replace(/V?\d+$/, "");
  const partsType = `${base}V${number - 1}V${number}Parts`;
  const evolution: Evolution = {
    fromVersion: number - 1,
    toVersion: number,
    pointer: said.at,
    partsType,
    partsKey: constNameOf(partsType).replace(/Parts$/, ""),
    steps: said.steps.map((step) => writeOut(step, report)),
    unrepresentable: said.unrepresentable,
    lossy: said.lossy,
  };
  checkFunctions(evolution, report);
  if (customSteps(evolution.steps).length > 0)
    names.take("type", partsType, said.at, `the hand-written parts of ${message.key}`);
  return evolution;
}

/** Whether both are published, or a service reads both sides of the step from one to the other. */
function areUsedTogether(number: number, channel: ChannelSpec, { operations }: Contract): boolean {
  const published = channel.messages.filter(isPublished).map(numberOf);
  const read = operations
    .filter((operation) => operation.action === "receive" && operation.channel === channel)
    .map(({ messages }) => messages.map(({ value }) => numberOf(value)));
  return [published, ...read].some((versions) => Math.min(...versions) < number && versions.includes(number));
}

function numberOf({ message }: MessageUse): number {
  return message.version?.number.value ?? 1;
}

function writeOut(step: WrittenStep, report: Report): Step {
  if (step.kind === "each") return { ...step, steps: step.steps.map((inner) => writeOut(inner, report)) };
  if (step.kind !== "use") return step;
  if (step.steps.length === 0) {
    const message = `there are no steps called ${step.list} in components/x-steps, or they lead back to themselves`;
    report.error(
      "EVOLVES_STEPS",
      under(step.at, "steps"),
      message,
      "Name a list of components/x-steps that has steps of its own.",
    );
  }
  return { kind: "within", at: step.at, in: step.in, steps: step.steps.map((inner) => writeOut(inner, report)) };
}

/** The functions of one evolution are members of one interface. */
function checkFunctions({ steps, partsType }: Evolution, report: Report): void {
  const taken = new Set<string>();
  for (const step of customSteps(steps)) {
    for (const direction of ["up", "down"] as const) {
      const name = step[direction];
      const place = under(step.at, direction);
      if (isReservedValue(name)) {
        report.error(
          "EVOLVES_CUSTOM",
          place,
          `a function of ${partsType} cannot be called ${name}`,
          "Name it after what it does: placeUp.",
        );
      } else if (taken.has(name)) {
        report.error(
          "EVOLVES_CUSTOM",
          place,
          `${partsType} has a function ${name} already`,
          "Give each function of an evolution a name of its own.",
        );
      }
      taken.add(name);
    }
  }
}
