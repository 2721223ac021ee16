/** What names are made of: the words of a text. */

/** The text without accents: a mark that combines with a letter is no part of a name; the letter is. */
export function asciiOf(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "");
}

/** The words of a name in lower case: `HTTPDoorV2`, `http_door-v2` and `httpDoorV2` are the same words. */
export function words(name: string): string[] {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}
