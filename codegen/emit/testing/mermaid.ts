/** Mermaid as the judge of diagrams. */
import { JSDOM } from "jsdom";

/** Whether Mermaid understands the diagram as a flowchart; throws what it says where it does not. */
export async function isFlowchart(diagram: string): Promise<boolean> {
  // What cleans labels looks for a document once, when it is loaded.
  const { window } = new JSDOM("");
  Object.assign(globalThis, { window, document: window.document });
  const { default: mermaid } = await import("mermaid");
  const { diagramType } = await mermaid.parse(diagram);
  return diagramType === "flowchart-v2";
}
