/** Absolute URIs as an expression, put together from the rules of RFC 3986 as ajv-formats reads them. */

const escaped = "%[0-9a-f]{2}";
const name = "a-z0-9\\-._~!$&'()*+,;=";
const character = `${name}:@`;

const group = "[0-9a-f]{1,4}";
const octet = "(?:25[0-5]|2[0-4]\\d|[01]?\\d\\d?)";
const ipv4 = `(?:${octet}\\.){3}${octet}`;
const lastGroups = `(?:${group}:${group}|${ipv4})`;

/** An address whose `::` has up to `before` groups in front of it. */
function shortened(before: number, behind: string): string {
  const front = before === 0 ? `(?:${group})?` : `(?:(?:${group}:){0,${before}}${group})?`;
  return `${front}::${behind}`;
}

const ipv6 = [
  `(?:${group}:){6}${lastGroups}`,
  `::(?:${group}:){5}${lastGroups}`,
  shortened(0, `(?:${group}:){4}${lastGroups}`),
  shortened(1, `(?:${group}:){3}${lastGroups}`),
  shortened(2, `(?:${group}:){2}${lastGroups}`),
  shortened(3, `${group}:${lastGroups}`),
  shortened(4, lastGroups),
  shortened(5, group),
  shortened(6, ""),
].join("|");

const user = `(?:(?:[${name}:]|${escaped})*@)?`;
const host = `(?:\\[(?:${ipv6}|v[0-9a-f]+\\.[${name}:]+)\\]|${ipv4}|(?:[${name}]|${escaped})*)`;
const segment = `(?:[${character}]|${escaped})`;
const path = `(?:\\/${segment}*)*`;
const hierarchy = [`\\/?\\/${user}${host}(?::\\d*)?${path}`, `\\/(?:${segment}+${path})?`, `${segment}+${path}`].join(
  "|",
);
const tail = `(?:[${character}/?]|${escaped})*`;

/** Accepts what the `uri` format of ajv-formats accepts. */
export const uriExpression = new RegExp(`^[a-z][a-z0-9+\\-.]*:(?:${hierarchy})(?:\\?${tail})?(?:#${tail})?$`, "i");
