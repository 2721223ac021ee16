/** A browser for tests of the suite `browser`. */
import type { BrowserContext, BrowserContextOptions, Request } from "playwright-core";
import { afterAll, inject } from "vitest";
import { startChromium } from "../browser/start-chromium.ts";
import "./browser-setup.ts";

/** A browser that may reach nothing but what a test allows. */
export interface TestBrowser {
  /** A profile of its own. */
  readonly context: BrowserContext;
  /** The addresses that its pages asked for and that are not allowed. None of another machine answers. */
  readonly refused: readonly string[];
  /** What pages said as an error: in their console, or uncaught. */
  readonly faults: string[];
}

/**
 * Starts Chromium for the tests of one file, gone after them. Call it while the file is collected. Rejects with
 * what was tried where no Chromium can be had.
 */
export async function browserForTest(): Promise<{
  open(allowed: RegExp, options?: BrowserContextOptions): Promise<TestBrowser>;
}> {
  const provided = inject("chromium");
  if ("missing" in provided) throw new Error(provided.missing);
  const browser = await startChromium(provided.program);
  afterAll(() => browser.close());
  return {
    async open(allowed, options = {}) {
      const context = await browser.newContext(options);
      const refused: string[] = [];
      const faults: string[] = [];
      const count = (request: Request): void => {
        // What a page's own policy forbids is not asked for.
        const isAsked = request.failure()?.errorText !== "csp";
        if (isAsked && !allowed.test(request.url())) refused.push(request.url());
      };
      context.on("requestfinished", count).on("requestfailed", count);
      context.on("console", (message) => {
        if (message.type() === "error") faults.push(`${message.page()?.url()}: ${message.text()}`);
      });
      context.on("weberror", (error) => void faults.push(`${error.page()?.url()}: ${error.error().message}`));
      return { context, refused, faults };
    },
  };
}
