/** An AsyncAPI document as the body of a page, which the component of AsyncAPI draws in the browser. */
import { Parser, stringify } from "@asyncapi/parser";

const parser = new Parser();

/** The parsed document as data for `assets/asyncapi.js`: no parser goes into the page. */
export async function asyncApiBody(document: unknown): Promise<string> {
  const { document: parsed, diagnostics } = await parser.parse(JSON.stringify(document));
  const data = parsed === undefined ? undefined : stringify(parsed);
  if (data === undefined) {
    const reasons = diagnostics.filter(({ severity }) => `${severity}` === "0").map(({ message }) => message);
    throw new Error(`an AsyncAPI document that was generated is refused by the parser: ${reasons.join("; ")}`);
  }
  // Nothing in JSON needs `<`, and without one the text cannot end its element.
  const safe = data.replaceAll("<", "\\u003c");
  return `<script type="application/json" id="document">${safe}</script>\n<div id="asyncapi"><p>This page is drawn by JavaScript.</p></div>`;
}
