/** The alerts of alerts.yml, as data. */
import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** One alert. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

const FILE = new URL("../alerts.yml", import.meta.url);

/** Every alert, in the order of the file. What they should look like is for tests to say. */
export async function alertRules(): Promise<readonly AlertRule[]> {
  const { groups }: { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] } = parse(
    await readFile(FILE, "utf8"),
  );
  return groups.flatMap(({ rules }) => rules);
}
