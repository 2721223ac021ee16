/** Which pages there are, where they are, and how they are grouped in the navigation. */
import { posix } from "node:path";
import type { SiteSource } from "./pages.ts";

/** One page. */
export type Entry = {
  /** From the root of the site. */
  readonly path: string;
  /** In the navigation, as plain text. */
  readonly title: string;
  readonly group: string;
  /** What it is made from, by path from the root of the repository: links to that lead here. */
  readonly source: string;
} & (
  | { readonly kind: "text" }
  | { readonly kind: "list"; readonly markdown: string }
  /** The contract as one service sees it, by the name of its file; the whole when undefined. */
  | { readonly kind: "asyncapi"; readonly service: string | undefined }
);

export interface Contents {
  /** In the order of the navigation. */
  readonly entries: readonly Entry[];
  /** The page for a path of the repository; undefined when it has none. */
  pageOf(source: string): Entry | undefined;
}

const SYSTEM = "The system";
const DIAGRAM = "Services and events";
const GUIDES = "Guides";
const DECISIONS = "Decisions";

/** The contents of a site. */
export function contentsOf({ model, generated, texts }: SiteSource): Contents {
  const guides = [...texts.keys()].filter((path) => /^docs\/[^/]*\.md$/.test(path) && path !== "docs/errors.md");
  const decisions = [...texts.keys()].filter((path) => path.startsWith("docs/decisions/"));
  const text = (source: string, group: string): Entry => ({
    kind: "text",
    source,
    path: source === "README.md" ? "index.html" : source.replace(/\.md$/, ".html"),
    title: titleOf(texts.get(source) ?? "") ?? source,
    group,
  });
  const present = (source: string): readonly string[] => (texts.has(source) ? [source] : []);
  const entries: Entry[] = [
    ...present("README.md").map((source) => text(source, SYSTEM)),
    { ...text("generated/catalogue.md", SYSTEM), path: "catalogue.html", title: "Catalogue" },
    {
      kind: "list",
      source: "generated/diagram.mmd",
      path: "diagram.html",
      title: "Diagram",
      group: SYSTEM,
      markdown: `# ${DIAGRAM}\n\n\`\`\`mermaid\n${generated.get("diagram.mmd") ?? ""}\`\`\`\n`,
    },
    {
      kind: "asyncapi",
      service: undefined,
      source: "asyncapi.yaml",
      path: "asyncapi.html",
      title: "AsyncAPI",
      group: SYSTEM,
    },
    ...present("ARCHITECTURE.md").map((source) => text(source, SYSTEM)),
    ...model.views.map((view): Entry => ({
      kind: "asyncapi",
      service: view.file,
      source: `generated/asyncapi/${view.file}.json`,
      path: `asyncapi/${view.file}.html`,
      title: view.service,
      group: "Services",
    })),
    ...guides.map((source) => text(source, GUIDES)),
    ...present("docs/errors.md").map((source) => text(source, GUIDES)),
    ...present("CONTRIBUTING.md").map((source) => text(source, GUIDES)),
    ...(decisions.length === 0 ? [] : [listOf(decisions, texts)]),
    ...decisions.map((source) => text(source, DECISIONS)),
  ];
  const bySource = new Map(entries.map((entry) => [entry.source, entry]));
  return { entries, pageOf: (source) => bySource.get(source.replace(/\/$/, "")) };
}

function listOf(decisions: readonly string[], texts: SiteSource["texts"]): Entry {
  const lines = decisions.map((path) => `- [${titleOf(texts.get(path) ?? "") ?? path}](${posix.basename(path)})`);
  return {
    kind: "list",
    source: "docs/decisions",
    path: "docs/decisions/index.html",
    title: "All decisions",
    group: DECISIONS,
    markdown: `# Decisions\n\nWhy it is so, one page each.\n\n${lines.join("\n")}\n`,
  };
}

/** The first heading. */
function titleOf(markdown: string): string | undefined {
  return /^# (.+)$/m.exec(markdown)?.[1]?.replaceAll("`", "");
}
