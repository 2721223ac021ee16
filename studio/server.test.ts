/** What the socket and the file do, without a browser. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../lab/testing/eventually.ts";
import { scratchDirectory } from "../lab/testing/scratch-directory.ts";
import { startStudio } from "./studio.ts";

const CONTRACT = "asyncapi: 3.0.0\ninfo: { title: One, version: 1.0.0 }\n";

/** A Studio that has a page of one word, and its file. */
async function started(port = 0): Promise<{ readonly path: string; readonly port: number; readonly host: string }> {
  const folder = await scratchDirectory();
  const path = join(folder, "asyncapi.yaml");
  await writeFile(path, CONTRACT);
  await mkdir(join(folder, "files"));
  await writeFile(join(folder, "files/index.html"), "Studio");
  await writeFile(join(folder, "secret"), "not served");
  const argv = [path, "--out", join(folder, "generated")];
  const quiet = { stdout: () => {}, stderr: () => {} };
  const studio = await startStudio({ files: join(folder, "files"), port, path, argv, ...quiet });
  // The generator is loaded for the first of them.
  onTestFinished(() => studio.close(), 300_000);
  const { host } = new URL(studio.url);
  return { path, host, port: Number(new URL(studio.url).port) };
}

/** A browser's page: what it was sent, and what it sends. */
async function page(host: string, origin = `http://${host}`) {
  const socket = new WebSocket(`ws://${host}/live-server`, { origin });
  onTestFinished(() => socket.terminate());
  const shown: string[] = [];
  socket.on("message", (data) => {
    const { code } = JSON.parse(Buffer.isBuffer(data) ? data.toString() : "");
    shown.push(code);
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  await eventually(() => shown.length > 0);
  return { shown, change: (code: string) => socket.send(JSON.stringify({ type: "file:update", code })) };
}

/** What Studio's page is told of a text that was not written. */
async function isConflict(port: number): Promise<boolean> {
  const { body } = await fetch(`http://127.0.0.1:${port}/tandem/conflicts`);
  const reader = body?.getReader();
  const first = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(first?.value) === "data: true\n\n";
}

/** The status of an answer. */
async function ask(port: number, path: string, { method = "GET", headers = {} } = {}): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
    answer.resume();
    resolve(answer.statusCode ?? 0);
  })
    .on("error", reject)
    .end();
  return await promise;
}

describe("the file", () => {
  it("is shown, and written when Studio changes it, for every page that is open", async () => {
    const { path, host } = await started();
    const [one, two] = await Promise.all([page(host), page(host)]);
    expect(one.shown).toEqual([CONTRACT]);
    const changed = `${CONTRACT}# changed\n`;
    one.change(changed);
    await eventually(async () => expect(await readFile(path, "utf8")).toBe(changed));
    await eventually(() => expect(two.shown).toEqual([CONTRACT, changed]));
    expect(one.shown).toEqual([CONTRACT]);
  });

  it("is shown again when somebody else changes it", async () => {
    const { path, host } = await started();
    const { shown } = await page(host);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    await eventually(() => expect(shown.at(-1)).toBe(`${CONTRACT}# from an editor\n`));
  });

  it("keeps what both sides wrote, until the reader decides for one", async () => {
    const { path, host, port } = await started();
    const { change } = await page(host);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    change(`${CONTRACT}# from Studio\n`);
    await eventually(() => isConflict(port));
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from an editor\n`);
    const headers = { origin: `http://${host}` };
    expect(await ask(port, "/tandem/overwrite", { method: "POST", headers })).toBe(204);
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from Studio\n`);
    expect(await isConflict(port)).toBe(false);
  });

  it("is not written from a text that is no longer what it was made from", async () => {
    const { path, host } = await started();
    const { change, shown } = await page(host);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    change(`${CONTRACT}# from Studio\n`);
    change(`${CONTRACT}# from Studio, more\n`);
    const next = await page(host);
    expect(next.shown).toEqual([`${CONTRACT}# from an editor\n`]);
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from an editor\n`);
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe("strangers", () => {
  it.each(["http://evil.example", "null", "http://127.0.0.1:1"])("get no socket: a page of %s", async (origin) => {
    const { host } = await started();
    await expect(page(host, origin)).rejects.toThrow("403");
  });

  it("get nothing under another name that leads here, and change nothing", async () => {
    const { port, host } = await started();
    expect(await ask(port, "/", { headers: { host: `evil.example:${port}` } })).toBe(403);
    const headers = { origin: "http://evil.example" };
    expect(await ask(port, "/tandem/overwrite", { method: "POST", headers })).toBe(403);
    expect(await ask(port, "/tandem/overwrite", { method: "POST", headers: { host } })).toBe(403);
  });

  it("get no other file", async () => {
    const { port } = await started();
    expect(await ask(port, `/?liveServer=${port}`)).toBe(200);
    for (const path of ["/../secret", "/%2e%2e/secret", "/..%2fsecret", "/%", "//etc/passwd"]) {
      expect([path, await ask(port, path)]).toEqual([path, 404]);
    }
  });
});

it("says that a port is taken, and what to do", async () => {
  const { port } = await started();
  await expect(started(port)).rejects.toThrow(`Port ${port} is taken. Name another with --port`);
});
