/** Addresses of channels: subjects with parameters on NATS, paths with parameters over HTTP. */

/** The first token of the subjects on which dead letters are published again. */
export const REPLAYS = "replay";

/** First tokens of subjects that are the tool's own. */
const OWN_TOKENS: readonly string[] = [REPLAYS, "tandem"];

/** The names of the parameters, in their order. */
export function parametersOf(address: string): string[] {
  return [...address.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? "");
}

/** The address with every parameter filled in; one that is not given becomes `*`, which matches any token. */
export function fill(address: string, values: Readonly<Record<string, string>>): string {
  return address.replace(/\{([^{}]*)\}/g, (_, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? "*") : "*",
  );
}

/**
 * What a stream has of an address that says who it is about: one pattern for each service, so that the streams of two
 * contracts whose addresses are alike do not overlap.
 */
export function patternsOf(address: string, services: readonly string[]): string[] {
  if (!parametersOf(address).includes("service")) return [fill(address, {})];
  return services.map((service) => fill(address, { service }));
}

/** Why the address cannot be a subject; undefined when it can. */
export function subjectFault(address: string): string | undefined {
  if (address.length > 200) return "it is longer than 200 characters";
  const [first = ""] = address.split(".");
  if (OWN_TOKENS.includes(first)) return `subjects that begin with "${first}" are the tool's own`;
  for (const token of address.split(".")) {
    if (token === "") return "a token between two dots is empty";
    if (/^\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(token)) continue;
    if (token.includes("{") || token.includes("}")) return `a parameter must be a whole token, and "${token}" is not`;
    const fault = tokenFault(token);
    if (fault !== undefined) return `"${token}" ${fault}`;
  }
  return undefined;
}

/** Why a text cannot be one token of a subject, or part of the name of a stream or durable; undefined when it can. */
function tokenFault(token: string): string | undefined {
  if (token.length > 100) return "is longer than 100 characters";
  if (/[*>]/.test(token)) return "holds a wildcard";
  if (/\s/.test(token)) return "holds a space";
  return /^[A-Za-z0-9_-]+$/.test(token) ? undefined : "holds something other than letters, digits, _ and -";
}

/** Why the address cannot be a path; undefined when it can. */
export function pathFault(address: string): string | undefined {
  if (!address.startsWith("/")) return "it does not start with a slash";
  for (const segment of address.slice(1).split("/")) {
    if (/^\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(segment)) continue;
    if (segment === "" && address !== "/") return "a segment between two slashes is empty";
    if (!/^[A-Za-z0-9._~-]*$/.test(segment)) {
      return `"${segment}" holds something other than letters, digits, . _ ~ and -, or a parameter that is not a whole segment`;
    }
  }
  return undefined;
}

/** Whether some subject is matched by both patterns, in which `*` is any token. */
export function overlap(one: string, other: string): boolean {
  return tokensOverlap(one.split("."), other.split("."));
}

/** The same of patterns that are split at their dots, for who compares many. */
export function tokensOverlap(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((token, index) => token === b[index] || token === "*" || b[index] === "*");
}
