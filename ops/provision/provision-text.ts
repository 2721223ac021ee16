/** The result of provisioning in words. */
import type { ServiceDatabase } from "@tandem/runtime/admin";
import { difference } from "./difference.ts";
import type { Change } from "./plan.ts";
import type { Provisioned } from "./provision.ts";

const WORDS: Readonly<Record<Change["kind"], { readonly done: string; readonly planned: string }>> = {
  create: { done: "created", planned: "would create" },
  update: { done: "updated", planned: "would update" },
  unchanged: { done: "unchanged", planned: "unchanged" },
  refused: { done: "refused", planned: "would refuse" },
  unknown: { done: "unknown", planned: "unknown" },
};

/**
 * Whether a server is other than the contract says, or set by hand to something that hurts. What only the server has
 * hurts nobody, and counts for nothing.
 */
export function differs(changes: readonly Change[]): boolean {
  return changes.some(
    ({ kind, drift = [] }) =>
      kind === "create" || kind === "update" || kind === "refused" || drift.some(({ allowed }) => !allowed),
  );
}

/** What was done or would be, what is left alone, and a last line that counts. */
export function provisionText(
  { server, address, changes }: Provisioned,
  databases: readonly ServiceDatabase[],
  dryRun: boolean,
): string {
  const lines = changes
    .filter(({ kind, drift }) => kind !== "unchanged" || drift !== undefined)
    .flatMap((change) => linesOf(change, dryRun));
  const unchanged = changes.filter(({ kind }) => kind === "unchanged").length;
  const logins = databases.map(({ service, url }) => `role for ${service}: ${url}`);
  return [
    ...lines,
    ...logins,
    `${address} (${server}): ${unchanged} of ${changes.length} were as the contract says`,
  ].join("\n");
}

function linesOf(change: Change, dryRun: boolean): string[] {
  const { kind, resource, name, fields, reason, backlog, dangers = [], drift = [] } = change;
  const accepted = dangers.filter(({ allowed }) => allowed && kind !== "refused");
  return [
    `${WORDS[kind][dryRun ? "planned" : "done"]} ${resource} ${name}${reason === undefined ? "" : `: ${reason}`}`,
    ...(backlog === undefined ? [] : [`    begins with the ${backlog} messages that are stored already`]),
    ...fields.map((field) => `    ${field.field}: ${difference(field)}`),
    ...accepted.map(({ allow, says }) => `    allowed by --allow ${allow}: ${says}`),
    ...drift.map(
      ({ setting, value, says, allow, allowed }) =>
        `    set by hand, left alone: ${setting} ${JSON.stringify(value)}: ${says}${allowed ? " (allowed)" : ` (--allow ${allow} when that is meant)`}`,
    ),
  ];
}
