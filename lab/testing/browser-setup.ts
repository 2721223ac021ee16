import type { TestProject } from "vitest/node";
import type { ChromiumProgram } from "../browser/chromium-program.ts";
import { findChromium } from "../browser/find-chromium.ts";
import { reasonOf } from "../servers/lab-error.ts";

/** What the global setup hands to every test file of the suite `browser`. */
type ProvidedChromium = { readonly program: ChromiumProgram } | { readonly missing: string };

declare module "vitest" {
  export interface ProvidedContext {
    readonly chromium: ProvidedChromium;
  }
}

/**
 * Finds Chromium once for a run, before any test's time begins. Where there is none the files of the suite fail
 * with the reason, and the other suites run.
 */
export default async function setUp(project: TestProject): Promise<void> {
  try {
    project.provide("chromium", { program: await findChromium({ onProgress: (text) => console.error(text) }) });
  } catch (error) {
    project.provide("chromium", { missing: reasonOf(error) });
  }
}
