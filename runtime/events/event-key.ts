/** The key of an event: the aggregate that it belongs to. */
import { readPointer } from "./json-pointer.ts";

const LONGEST_KEY = 512;

/** The key that the pointer names in a body, or undefined when there is none that can be stored and sent. */
export function readKey(body: unknown, pointer: string): string | undefined {
  const value = readPointer(body, pointer);
  const key = typeof value === "number" || typeof value === "boolean" ? String(value) : value;
  return typeof key === "string" && isKey(key) ? key : undefined;
}

/** Whether a text can be a key: not empty, at most 512 characters, and nothing that PostgreSQL cannot hold. */
export function isKey(text: string): boolean {
  return text.length > 0 && text.length <= LONGEST_KEY && text.isWellFormed() && !text.includes("\0");
}
