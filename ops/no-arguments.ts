/** Programs that take no arguments, and say so instead of doing what they do whatever they are given. */
import { parseArgs } from "node:util";
import { refusal } from "./usage-error.ts";

/** Ends the process, where it was given arguments: with 0 after its help, with 2 where it was asked for anything else. */
export function takeNoArguments(help: string): void {
  try {
    const { values } = parseArgs({ options: { help: { type: "boolean", short: "h" } } });
    if (values.help !== true) return;
    console.log(help);
  } catch (error) {
    console.error(refusal(error, help));
    process.exit(2);
  }
  process.exit(0);
}
