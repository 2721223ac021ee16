/** `tandem evolve advance` and `back`: one step of a version's life, when its gate lets it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  LEADS_TO,
  passageIn,
  type Passage,
  STAGES,
  type Step,
  type StepBack,
} from "../../codegen/contract-editor/life.ts";
import { operationsOn, takeStep } from "../../codegen/contract-editor/take-step.ts";
import { constNameOf, fileNameOf, typeNameOf } from "../../codegen/model/names.ts";
import { type EditedEvent, numberOf } from "../../codegen/contract-editor/read-for-editing.ts";
import { OpsError } from "../error.ts";
import { look } from "./broker.ts";
import { type ContractText, edited, type EventInContract, faultsOf, openEvent, writeEdit } from "./contract-file.ts";
import { gateFacts, lifeFacts, observed } from "./facts.ts";
import { judge, needsBroker, type Reason } from "./gates.ts";
import { type MovedFile, moveReferences, type VersionNames } from "./move-references.ts";
import { reasonLines } from "./reason-lines.ts";

/** Tries the laws of an edited contract; a reason does not hold where one is broken, and shows the payload. */
export type LawsRunner = (contract: ContractText, event: string, passage: Passage) => Promise<readonly Reason[]>;

export interface AdvanceOptions {
  readonly direction: "advance" | "back";
  readonly dryRun: boolean;
  readonly natsUrl: string;
  /** The older version of the passage; the newest passage that is not over when undefined. */
  readonly from: number | undefined;
  readonly days: number;
  readonly accepted: readonly string[];
  readonly windowMinutes: number;
  /** Where services are, a folder each. */
  readonly services: string;
  /** Without one, the laws are left to the tests. */
  readonly laws?: LawsRunner;
}

/** What became of it: the text to print, and whether the gate opened. */
export interface Advanced {
  readonly passed: boolean;
  readonly text: string;
}

/**
 * Takes the next step of an event's newest passage, or the one back.
 * @throws OpsError when there is no such step, or the contract has errors
 */
export async function advance(source: ContractText, asked: string, options: AdvanceOptions): Promise<Advanced> {
  const found = await openEvent(source, asked);
  const { name } = found.event;
  const { passage, step } = choose(name, passageIn(lifeFacts(found.event), options.from), options);
  const title = `${name} v${passage.older} → v${passage.newer}: ${step} (${passage.stage} → ${stageAfter(step)})`;
  const refused = (reasons: readonly Reason[], faults = ""): Advanced => ({
    passed: false,
    text: [`${title}: refused, nothing was changed`, ...reasonLines(reasons), ...(faults === "" ? [] : [faults])].join(
      "\n",
    ),
  });
  const reasons = await askGate(found, passage, step, options);
  if (reasons.some(({ holds }) => !holds)) return refused(reasons);
  const edit = edited(source, (editor) => takeStep(editor, found.contract, found.event, passage, step));
  const faults = await faultsOf(source, edit);
  if (faults !== undefined) return refused([{ holds: false, text: "the contract would not generate" }], faults);
  if (step === "dual") reasons.push(...((await options.laws?.({ ...source, text: edit.text }, name, passage)) ?? []));
  if (reasons.some(({ holds }) => !holds)) return refused(reasons);
  const moved = movedFiles(found, passage, step, options.services);
  const lines = [title, ...reasonLines(reasons), writeEdit(source, edit, options.dryRun)];
  for (const { path, text, references } of moved) {
    if (!options.dryRun) writeFileSync(path, text);
    lines.push(`${options.dryRun ? "would rewrite" : "rewrote"} ${path}: ${references} references`);
  }
  return { passed: true, text: [...lines, "", "Next:", ...nextCommands(step, name)].join("\n") };
}

function choose(
  event: string,
  passage: Passage | undefined,
  { direction, from }: AdvanceOptions,
): { passage: Passage; step: Step | StepBack } {
  if (passage === undefined) {
    const which =
      from === undefined ? `${event} has one version that is in use` : `${event} has no version after v${from}`;
    throw new OpsError(`${which}, so there is no step to take. tandem evolve open ${event} opens the next version.`);
  }
  if (passage.fault !== undefined)
    throw new OpsError(`${passage.fault} Mend the contract by hand: no step leads here.`);
  const { next, back } = STAGES[passage.stage];
  const step = direction === "advance" ? next : back;
  if (step !== undefined) return { passage, step };
  throw new OpsError(
    direction === "advance"
      ? `v${passage.older} of ${event} is retired: v${passage.newer} stands alone. tandem evolve open ${event} opens the next version.`
      : `v${passage.older} of ${event} is retired, and what was published since has no such version: whoever began to read it again would miss that.`,
  );
}

async function askGate(
  { contract, event }: EventInContract,
  passage: Passage,
  step: Step | StepBack,
  options: AdvanceOptions,
): Promise<Reason[]> {
  const facts = gateFacts(contract, event, passage.older);
  if (!needsBroker(step)) return judge(step, passage, facts, undefined, options);
  const sight = await look(options.natsUrl, [observed(event)], options.windowMinutes);
  if (sight.seen === undefined) return [{ holds: false, text: `who reads what is not known. ${sight.why}` }];
  return judge(step, passage, facts, sight.seen[0], options);
}

/** Publishing another version is a change of type in the service that publishes. Writes nothing. */
function movedFiles(
  { contract, event }: EventInContract,
  { older, newer }: Passage,
  step: Step | StepBack,
  services: string,
): readonly MovedFile[] {
  if ((step !== "flip" && step !== "unflip") || services === "") return [];
  const [from, to] = step === "flip" ? [older, newer] : [newer, older];
  const senders = new Set(operationsOn(contract, event, "send").map(({ service }) => service?.value ?? ""));
  return [...senders].flatMap((sender) =>
    moveReferences(join(services, fileNameOf(sender)), namesOf(event, from), namesOf(event, to)),
  );
}

function namesOf({ channel, versions }: EditedEvent, number: number): VersionNames {
  const key = versions.find((use) => numberOf(use) === number)?.message.key ?? "";
  return { directory: fileNameOf(channel.key), number, typeName: typeNameOf(key), constName: constNameOf(key) };
}

function stageAfter(step: Step | StepBack): string {
  return step === "discard" ? "gone" : LEADS_TO[step];
}

const WITHOUT_A_VERSION = [
  "deploy the service that publishes it",
  "wait until its outbox is empty (tandem_outbox_rows is 0 in every replica)",
  "npm run ops -- provision",
];

const NEXT: Readonly<Record<Step | StepBack, readonly string[]>> = {
  dual: [
    "npm run codegen && npm test",
    "npm run ops -- provision",
    "deploy the service that publishes it: from then on both versions flow",
    "then one reader after the other: let its operation list the newer version, generate, provision, deploy",
  ],
  flip: [
    "npm run codegen && npm run types (the compiler says where the newer version has to be published)",
    "deploy the service that publishes it",
  ],
  deprecate: ["npm run codegen", "let the readers that are left list the newer version only, and deploy them"],
  // The old subject goes last: until the outbox is empty there are rows that were pinned to be published on it.
  retire: ["npm run codegen && npm test", ...WITHOUT_A_VERSION],
  undual: ["npm run codegen", ...WITHOUT_A_VERSION],
  unflip: ["npm run codegen && npm run types", "deploy the service that publishes it"],
  undeprecate: ["npm run codegen"],
  discard: ["npm run codegen"],
};

function nextCommands(step: Step | StepBack, event: string): string[] {
  return [...NEXT[step], ...(step === "discard" ? [] : [`tandem evolve status ${event}`])].map((line) => `  ${line}`);
}
