/** Declared settings read from the environment, every problem reported at once. */
import { TandemError } from "../errors.ts";
import { oneLine } from "../events/one-line.ts";
import type { Setting, SettingDeclarations, SettingValues } from "./setting.ts";
import { readValueFiles } from "./value-files.ts";

/** Variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Values, and everything that is wrong with what was given. The values are whole when nothing is. */
export interface SettingsRead<Declared extends SettingDeclarations> {
  readonly values: SettingValues<Declared>;
  /** Sentences that begin with the name of the variable. */
  readonly faults: readonly string[];
}

/**
 * Reads the declared settings; none are declared when there are no declarations. A variable that is empty counts as not set: compose files and shells pass
 * such on. A secret may stand in a file that NAME_FILE names, and its value is in no fault.
 */
export function readSettings<Declared extends SettingDeclarations>(
  declared: Declared | undefined,
  env: Environment,
): SettingsRead<Declared> {
  const secrets = Object.entries(declared ?? {}).flatMap(([name, { secret }]) => (secret ? [name] : []));
  const files = readValueFiles(secrets, env);
  const faults: string[] = [...files.faults];
  const values = Object.entries(declared ?? {}).map(([name, setting]) => {
    const given = files.env[name] ?? "";
    if (given === "") {
      // Of a file that could not be read something better is said already.
      const isTold = files.faults.some((fault) => fault.startsWith(`${name}_FILE `));
      if (!("default" in setting) && !isTold) faults.push(`${name} is not set: ${setting.description}`);
      return [name, setting.default];
    }
    const parsed = setting.parse(given);
    if ("value" in parsed) return [name, parsed.value];
    faults.push(`${name} ${parsed.fault}${setting.secret ? "" : `, and is ${JSON.stringify(oneLine(given, 100))}`}`);
    return [name, undefined];
  });
  // Built from the declarations, so it has their keys and the types of their values.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { values: Object.fromEntries(values) as SettingValues<Declared>, faults };
}

/**
 * Does nothing when there is no fault.
 *
 * @throws `CONFIG_INVALID` that lists them all, one on a line
 */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const count = faults.length === 1 ? "One setting is" : `${faults.length} settings are`;
  throw new TandemError("CONFIG_INVALID", [`${count} wrong:`, ...faults.map((fault) => `  ${fault}`)].join("\n"));
}

/** The settings as a table for `--help`: variable, default, unit, what it decides. */
export function describeSettings(declared: SettingDeclarations): string {
  const rows = Object.entries(declared).map(([name, setting]) => [
    name,
    shownDefault(setting),
    setting.unit,
    setting.description,
  ]);
  const table = [["variable", "default", "unit", ""], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function shownDefault(setting: Setting<unknown>): string {
  if (!("default" in setting)) return "(required)";
  const { default: value } = setting;
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.join(",");
  return typeof value === "string" ? value : JSON.stringify(value);
}
