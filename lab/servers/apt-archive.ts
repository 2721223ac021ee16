/** Which archive of Debian or Ubuntu this machine's apt already uses. */
import { readFile } from "node:fs/promises";
import { runCommand } from "./run-command.ts";

/** A distribution, and where in it a newer nats-server can be than in this machine's own suite. */
export interface Distribution {
  /** As its archive signs itself. */
  readonly origin: "Debian" | "Ubuntu";
  /** Suites that move on, the calmest first. */
  readonly suites: readonly string[];
  readonly component: string;
  readonly keyrings: readonly string[];
}

const DEBIAN: Distribution = {
  origin: "Debian",
  suites: ["testing", "unstable"],
  component: "main",
  keyrings: ["/usr/share/keyrings/debian-archive-keyring.gpg", "/usr/share/keyrings/debian-archive-keyring.pgp"],
};

const UBUNTU: Distribution = {
  origin: "Ubuntu",
  suites: ["devel"],
  component: "universe",
  keyrings: ["/usr/share/keyrings/ubuntu-archive-keyring.gpg"],
};

/** Reads the distribution from the text of `/etc/os-release`; undefined when it is neither, nor made from one. */
export function distributionOf(osRelease: string): Distribution | undefined {
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, "m").exec(osRelease)?.[1] ?? "";
  const family = `${field("ID")} ${field("ID_LIKE")}`.split(" ");
  if (family.includes("ubuntu")) return UBUNTU;
  return family.includes("debian") ? DEBIAN : undefined;
}

/** The distribution of this machine; undefined when it is neither Debian nor Ubuntu. */
export async function thisDistribution(): Promise<Distribution | undefined> {
  return distributionOf(await readFile("/etc/os-release", "utf8").catch(() => ""));
}

/**
 * Base URIs of the distribution's archive, the likeliest first. They are this machine's own: from its
 * package lists, or from its sources where it has no lists yet. Empty when apt names none.
 */
export async function archiveUris(origin: Distribution["origin"], signal: AbortSignal): Promise<readonly string[]> {
  const format = "$(ORIGIN)|$(RELEASE)|$(REPO_URI)";
  const listed = await runCommand("apt-get", ["indextargets", "--format", format, "Created-By: Packages"], { signal });
  const known = urisOfLists(listed, origin);
  if (known.length > 0) return known;
  return urisOfSources(await runCommand("apt-get", ["update", "--print-uris"], { signal }));
}

const isSideSuite = (suite: string) => /-(security|updates|backports|proposed)(\/|$)/.test(suite);
const withoutSlash = (uri: string) => uri.replace(/\/+$/, "");

/** Reads `apt-get indextargets` in the form `origin|suite|uri`. */
export function urisOfLists(listed: string, origin: Distribution["origin"]): readonly string[] {
  const uris = listed.split("\n").flatMap((line) => {
    const [from, suite = "", uri = ""] = line.split("|");
    return from === origin && uri !== "" && !isSideSuite(suite) ? [withoutSlash(uri)] : [];
  });
  return [...new Set(uris)];
}

/**
 * Reads `apt-get update --print-uris`. Nothing there tells a distribution's archive from another's, except
 * that only the former has suites on the side (`-updates`): such archives come first.
 */
export function urisOfSources(printed: string): readonly string[] {
  const sources = [...printed.matchAll(/^'(.+)\/dists\/([^']+)\/(?:In)?Release' /gm)].map(
    ([, uri = "", suite = ""]) => ({ uri, suite }),
  );
  const hasUpdates = (uri: string) => sources.some((source) => source.uri === uri && source.suite.endsWith("-updates"));
  const uris = [...new Set(sources.filter(({ suite }) => !isSideSuite(suite)).map(({ uri }) => uri))];
  return uris.toSorted((left, right) => Number(hasUpdates(right)) - Number(hasUpdates(left)));
}
