import { type Browser, chromium } from "playwright-core";
import type { ChromiumProgram } from "./chromium-program.ts";

/** It asks nobody for anything by itself: no updates, no account, no lists. */
const FLAGS = [
  // A container has no sandbox to give; the pages are our own.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // Nor do its pages: no name is known but this machine's own.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
] as const;

/** Starts a Chromium without a window, with an empty profile that is gone when it is closed. */
export async function startChromium({ path, env }: ChromiumProgram): Promise<Browser> {
  return await chromium.launch({
    executablePath: path,
    args: [...FLAGS],
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
}
