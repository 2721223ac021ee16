/** Text that says itself whether it is whole. */
import { digest } from "./fingerprint.ts";

/** The text behind a line that says what it has to be, so that half a file is none. The line is a comment of JavaScript. */
export function seal(text: string): string {
  return `// ${digest(text)}\n${text}`;
}

/** The text behind the line; undefined when it is not what the line says. */
export function unseal(sealed: string): string | undefined {
  const text = sealed.slice(sealed.indexOf("\n") + 1);
  return sealed === seal(text) ? text : undefined;
}
