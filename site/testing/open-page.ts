/** A page of the site in jsdom, with its scripts run, as far as that is a browser. */
import { JSDOM, type PageElement, VirtualConsole } from "jsdom";

export interface OpenPage {
  /** The element that was waited for. */
  readonly element: PageElement;
  /** The addresses that the page has asked for by itself. */
  readonly fetched: readonly string[];
  /** Whether a script of the contract ran. */
  harmed(): boolean;
  close(): void;
}

/** Opens a page from the disk, and waits until there is text in an element. */
export async function openPage(file: string, selector: string): Promise<OpenPage> {
  const fetched: string[] = [];
  const faults: string[] = [];
  const virtualConsole = new VirtualConsole();
  // Mermaid measures what it draws, which jsdom cannot.
  virtualConsole.on("jsdomError", (error) => void faults.push(error.message));
  const { window } = await JSDOM.fromFile(file, {
    runScripts: "dangerously",
    resources: "usable",
    pretendToBeVisual: true,
    virtualConsole,
    beforeParse: (page: object) => {
      Object.assign(page, {
        fetch: (address: unknown) => {
          fetched.push(String(address));
          throw new Error("nothing is to be fetched");
        },
        matchMedia: () => ({ matches: false, addEventListener() {}, removeEventListener() {} }),
        ResizeObserver: class {
          observe() {}
          unobserve() {}
          disconnect() {}
        },
      });
    },
  });
  const { document } = window;
  const until = Date.now() + 60_000;
  const isDrawn = (): boolean => {
    const [element] = document.querySelectorAll(selector);
    return (
      element !== undefined && element.textContent.trim() !== "" && !/drawn by JavaScript/.test(element.textContent)
    );
  };
  while (!isDrawn()) {
    if (Date.now() > until) throw new Error(`${file} shows nothing in ${selector}: ${faults.join("; ")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const [element] = document.querySelectorAll(selector);
  if (element === undefined) throw new Error(`${file} has no ${selector}`);
  return { element, fetched, harmed: () => Object.hasOwn(window, "harmed"), close: () => window.close() };
}
