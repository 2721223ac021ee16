/** The gate of a version's life, as `tandem evolve` asks it. */
import { join } from "node:path";
import { advance } from "../../../ops/evolve/advance.ts";
import { readContractText } from "../../../ops/evolve/contract-file.ts";
import { open } from "../../../ops/evolve/open.ts";
import type { Release } from "./release.ts";

/** The event that the demo takes from its first version to its second. */
const EVENT = "orders.created";

export interface GateOptions {
  readonly natsUrl: string;
  /** Readers that may lose the version that retires, by name. */
  readonly accepted?: readonly string[];
}

/** What the gate said. */
export interface Answer {
  readonly passed: boolean;
  /** Lines to show. */
  readonly lines: readonly string[];
}

/** Opens the next version in the contract of a release, and says what was done. */
export async function openNext({ root, contract }: Release, schema: string): Promise<readonly string[]> {
  const options = { dryRun: false, schema, force: false, evolutions: join(root, "evolutions") };
  const lines = shown(await open(readContractText(contract), EVENT, options), root);
  // What is to be looked at, the gate says as well.
  return lines.slice(0, lines.indexOf("") + 1 || lines.length).filter((line) => line !== "");
}

/** Asks for the next step, and takes it in the contract of a release when the gate lets it. */
export async function ask(
  { root, contract }: Pick<Release, "root" | "contract">,
  { natsUrl, accepted = [] }: GateOptions,
): Promise<Answer> {
  const { passed, text } = await advance(readContractText(contract), EVENT, {
    direction: "advance",
    dryRun: false,
    natsUrl,
    from: undefined,
    // A demo does not wait for a week.
    days: 0,
    accepted,
    windowMinutes: 1,
    services: join(root, "services"),
  });
  return { passed, lines: shown(text, root) };
}

/** What is to be done next is what the demo does next. */
function shown(text: string, root: string): readonly string[] {
  const [done = ""] = text.replaceAll(`${root}/`, "").split("\n\nNext:");
  return done.split("\n");
}

/** What the gate said to a step that it lets. @throws when it does not let it */
export function granted({ passed, lines }: Answer): readonly string[] {
  if (passed) return lines;
  throw new Error(`The gate should let this step:\n${lines.join("\n")}`);
}

/** What the gate said to a step that it does not let yet. @throws when it lets it */
export function denied({ passed, lines }: Answer): readonly string[] {
  if (!passed) return lines;
  throw new Error(`The gate should not let this step yet:\n${lines.join("\n")}`);
}
