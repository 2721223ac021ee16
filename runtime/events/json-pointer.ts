/** JSON pointers (RFC 6901) into parsed JSON. */

/** The value that a pointer names, or undefined when the path leads nowhere. Reads own properties only. */
export function readPointer(value: unknown, pointer: string): unknown {
  let current = value;
  for (const segment of pointer.split("/").slice(1)) {
    const name = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, name)) return undefined;
    current = Reflect.get(current, name);
  }
  return current;
}
