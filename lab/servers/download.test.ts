import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { scratchDirectory } from "../testing/scratch-directory.ts";
import { download } from "./download.ts";
import { listenOnLoopback } from "./free-port.ts";

const content = "a program\n".repeat(10_000);
const sha256 = createHash("sha256").update(content).digest("hex");

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return `http://127.0.0.1:${await listenOnLoopback(server)}`;
}

async function fetchFrom(url: string, options: { sha256?: string; answerMs?: number } = {}): Promise<string> {
  const file = join(await scratchDirectory(), "file");
  await download({ url, file, sha256, answerMs: 5_000, env: {}, signal: AbortSignal.timeout(10_000), ...options });
  return readFile(file, "utf8");
}

it("fetches a file that has the checksum, through redirects", async () => {
  const base = await serve((request, response) => {
    if (request.url === "/file") response.end(content);
    else response.writeHead(302, { location: "/file" }).end();
  });
  expect(await fetchFrom(`${base}/release`)).toBe(content);
});

it("refuses a file that has another checksum", async () => {
  const base = await serve((_request, response) => response.end("something else"));
  await expect(fetchFrom(base)).rejects.toThrow(`, and ${sha256} is pinned`);
});

it("refuses half a file", async () => {
  const base = await serve((_request, response) => {
    response.writeHead(200, { "content-length": content.length });
    response.write(content.slice(0, 1_000), () => response.destroy());
  });
  await expect(fetchFrom(base)).rejects.toThrow("aborted");
});

it("says what the server answers", async () => {
  const base = await serve((_request, response) => response.writeHead(404).end());
  await expect(fetchFrom(`${base}/gone`)).rejects.toThrow(`answers 404 for ${base}/gone`);
});

it("gives up on redirects without end", async () => {
  const base = await serve((_request, response) => response.writeHead(302, { location: "/again" }).end());
  await expect(fetchFrom(base)).rejects.toThrow("redirects more than 5 times");
});

it("gives up on a server that does not answer", async () => {
  const base = await serve(() => {});
  await expect(fetchFrom(base, { answerMs: 20 })).rejects.toThrow("no answer from 127.0.0.1:");
});
