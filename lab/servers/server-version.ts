/** A release as its three numbers. */
export type ServerVersion = readonly [major: number, minor: number, patch: number];

/**
 * The oldest nats-server that Tandem works with. Older ones drop options that it needs without a word.
 */
export const MINIMUM_NATS_VERSION = "2.12.1";

/**
 * Reads the release from a text such as `nats-server: v2.15.0`; undefined when there is none. A
 * pre-release (`2.12.1-RC.2`) counts as the release before it, because it came before.
 */
export function parseVersion(text: string): ServerVersion | undefined {
  const match = /\bv?(\d+)\.(\d+)\.(\d+)(-[0-9A-Za-z.]+)?/.exec(text);
  if (match === null) return undefined;
  const patch = Number(match[3]);
  return [Number(match[1]), Number(match[2]), match[4] === undefined ? patch : patch - 1];
}

/** Negative when `left` is the older, positive when it is the newer, 0 when they are one release. */
export function compareVersions(left: ServerVersion, right: ServerVersion): number {
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2];
}

/** True when the text names a release that is `minimum` or newer; false when it names none. */
export function isAtLeast(text: string, minimum: string): boolean {
  const version = parseVersion(text);
  const oldest = parseVersion(minimum);
  return version !== undefined && oldest !== undefined && compareVersions(version, oldest) >= 0;
}
