/** The functions that cut a text in two, for the files that use them. */

const SOURCES: ReadonlyMap<string, string> = new Map([
  [
    "beforeFirst",
    `/** What stands before the first separator; all of the text where there is none. */
function beforeFirst(text: string, by: string): string {
  const at = text.indexOf(by);
  return at < 0 ? text : text.slice(0, at);
}`,
  ],
  [
    "behindFirst",
    `/** What stands behind the first separator, which must be there. */
function behindFirst(text: string, by: string): string {
  return text.slice(text.indexOf(by) + by.length);
}`,
  ],
  [
    "beforeLast",
    `/** What stands before the last separator; all of the text where there is none. */
function beforeLast(text: string, by: string): string {
  const at = text.lastIndexOf(by);
  return at < 0 ? text : text.slice(0, at);
}`,
  ],
  [
    "behindLast",
    `/** What stands behind the last separator, which must be there. */
function behindLast(text: string, by: string): string {
  return text.slice(text.lastIndexOf(by) + by.length);
}`,
  ],
]);

/** The functions of these names, in an order of their own. */
export function cutFunctions(names: ReadonlySet<string>): string[] {
  return [...SOURCES].flatMap(([name, source]) => (names.has(name) ? [source] : []));
}
