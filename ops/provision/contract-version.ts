/** Which release of a contract a server was provisioned with last, so that an older one does not undo a newer one. */
import type { DurableInfo, StreamInfo } from "@tandem/runtime/admin";
import type { Topology } from "../topology.ts";
import type { Allowed } from "./allow.ts";
import { weigh } from "./danger.ts";
import { METADATA } from "./desired.ts";
import type { Change } from "./plan.ts";

/**
 * The change of the contract's version on the server; undefined when it is none, or forward. Of versions that are no
 * numbers with dots nobody can tell which is older, and nothing is said.
 */
export function planVersion(
  { contract, contractVersion }: Topology,
  running: readonly (StreamInfo | DurableInfo)[],
  allowed: Allowed,
): Change | undefined {
  const newer = running
    .map(({ settings: { metadata } }) => metadata)
    .filter((metadata) => metadata[METADATA.contract] === contract)
    .flatMap((metadata) => metadata[METADATA.contractVersion] ?? [])
    .filter((version) => compareVersions(contractVersion, version) < 0)
    .toSorted(compareVersions)
    .at(-1);
  if (newer === undefined) return undefined;
  const change: Change = {
    resource: "contract",
    name: contract,
    kind: "update",
    fields: [{ field: "version", from: newer, to: contractVersion }],
  };
  const says =
    `the server was provisioned with version ${newer} of it, and this is ${contractVersion}: what the newer release added would be undone under services that run it. ` +
    "Provision with the newer one, or, to go back for good, give the old contract a higher version.";
  return weigh(change, [{ kind: "version", says }], allowed);
}

/** Negative when `a` is older. 0 when they are equal, or one is not made of numbers. A pre-release is older than its release. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return 0;
  for (let place = 0; place < Math.max(left.numbers.length, right.numbers.length); place += 1) {
    const difference = (left.numbers[place] ?? 0) - (right.numbers[place] ?? 0);
    if (difference !== 0) return difference;
  }
  if (left.pre === right.pre) return 0;
  if (left.pre === "" || right.pre === "") return left.pre === "" ? 1 : -1;
  return left.pre.localeCompare(right.pre, "en", { numeric: true });
}

function parse(version: string): { readonly numbers: readonly number[]; readonly pre: string } | undefined {
  const { numbers, pre = "" } =
    /^v?(?<numbers>\d+(\.\d+)*)(-(?<pre>[^+]+))?(\+.*)?$/.exec(version.trim())?.groups ?? {};
  return numbers === undefined ? undefined : { numbers: numbers.split(".").map(Number), pre };
}
