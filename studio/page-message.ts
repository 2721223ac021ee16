/** What a page of Studio says over its socket. */

/** A message of a page. */
export type PageMessage =
  /** Its text changed. `base` is the number of the last text that it was sent and shows; 0 when it does not say. */
  | { readonly type: "file:update"; readonly code: string; readonly base: number }
  /** The user decides for what the page shows. */
  | { readonly type: "tandem:overwrite" };

/** Returns the message; undefined for everything else that Studio may say. */
export function readMessage(text: string): PageMessage | undefined {
  try {
    const said: unknown = JSON.parse(text);
    if (typeof said !== "object" || said === null || !("type" in said)) return undefined;
    if (said.type === "tandem:overwrite") return { type: said.type };
    if (said.type !== "file:update" || !("code" in said) || typeof said.code !== "string") return undefined;
    const base = "base" in said && typeof said.base === "number" ? said.base : 0;
    return { type: said.type, code: said.code, base };
  } catch {
    return undefined;
  }
}
