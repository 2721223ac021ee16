/** The pages of the site, as text by path. */
import type { Model } from "../codegen/model/model.ts";
import { asyncApiBody } from "./asyncapi-body.ts";
import { groupedDocument } from "./grouped-document.ts";
import { type Contents, contentsOf, type Entry } from "./contents.ts";
import { renderMarkdown } from "./render-markdown.ts";
import { page } from "./page.ts";

/** What a site is made of. */
export interface SiteSource {
  readonly model: Model;
  /** What is generated from the contract, by path. */
  readonly generated: ReadonlyMap<string, string>;
  /** Markdown by path from the root of the repository. */
  readonly texts: ReadonlyMap<string, string>;
}

/** Every file of the site but its assets, by path. Pure: the same source gives the same bytes. */
export async function sitePages(source: SiteSource): Promise<ReadonlyMap<string, string>> {
  const { generated } = source;
  const contents = contentsOf(source);
  const files = new Map<string, string>();
  for (const entry of contents.entries) {
    const body = await bodyOf(entry, source, contents);
    files.set(entry.path, page({ entry, contents, ...body }));
  }
  // What the catalogue and the pages of services link to, as it is.
  for (const [path, text] of generated) {
    if (/^(?:schemas\/json|asyncapi|openapi)\//.test(path)) files.set(path, text);
  }
  return files;
}

function textOf(source: string, texts: SiteSource["texts"], generated: SiteSource["generated"]): string {
  return texts.get(source) ?? generated.get(source.replace(/^generated\//, "")) ?? "";
}

interface Body {
  readonly html: string;
  /** The assets that it needs, besides what every page has. */
  readonly scripts: readonly string[];
  readonly styles: readonly string[];
}

async function bodyOf(entry: Entry, { model, generated, texts }: SiteSource, contents: Contents): Promise<Body> {
  switch (entry.kind) {
    case "text":
    case "list": {
      const markdown = entry.kind === "list" ? entry.markdown : textOf(entry.source, texts, generated);
      const { html, hasDiagram } = renderMarkdown(markdown, entry, contents);
      return { html, scripts: hasDiagram ? ["mermaid.js", "diagram.js"] : [], styles: [] };
    }
    case "asyncapi": {
      const document: unknown =
        entry.service === undefined
          ? groupedDocument(model, generated)
          : JSON.parse(generated.get(`asyncapi/${entry.service}.json`) ?? "{}");
      return {
        html: await asyncApiBody(document),
        scripts: ["asyncapi-component.js", "asyncapi.js"],
        styles: ["asyncapi-component.css"],
      };
    }
  }
}
