/** What the socket and the file do, without a browser. */
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { eventually } from "../lab/testing/eventually.ts";
import { scratchDirectory } from "../lab/testing/scratch-directory.ts";
import { startStudio } from "./studio.ts";

const CONTRACT = "asyncapi: 3.0.0\ninfo: { title: One, version: 1.0.0 }\n";

/** A Studio that has a page of one word, and its file. */
async function started(port = 0) {
  const folder = await scratchDirectory();
  const path = join(folder, "asyncapi.yaml");
  await writeFile(path, CONTRACT);
  await mkdir(join(folder, "files"));
  await writeFile(join(folder, "files/index.html"), "Studio");
  await writeFile(join(folder, "secret"), "not served");
  const argv = [path, "--out", join(folder, "generated")];
  let said = "";
  const listen = { stdout: (text: string) => void (said += text), stderr: () => {} };
  const studio = await startStudio({ files: join(folder, "files"), port, path, argv, ...listen });
  // The generator is loaded for the first of them.
  onTestFinished(() => studio.close(), 300_000);
  const { host } = new URL(studio.url);
  return { path, host, studio, said: () => said, port: Number(new URL(studio.url).port) };
}

/** A browser's page: what it was sent, and what it sends. */
async function page(host: string, origin = `http://${host}`) {
  const socket = new WebSocket(`ws://${host}/live-server`, { origin });
  onTestFinished(() => socket.terminate());
  const shown: string[] = [];
  let base = 0;
  let refused: string | null = null;
  socket.on("message", (data) => {
    const message = JSON.parse(Buffer.isBuffer(data) ? data.toString() : "");
    if (message.type === "tandem:refused") refused = message.why;
    else {
      shown.push(message.code);
      base = message.number;
    }
  });
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  await eventually(() => shown.length > 0);
  return {
    shown,
    refused: () => refused,
    /** `madeFrom`: the number of the text that it was made from; the last that came unless it is said. */
    change: (code: string, madeFrom = base) => {
      socket.send(JSON.stringify({ type: "file:update", code, base: madeFrom }));
    },
    overwrite: () => socket.send(JSON.stringify({ type: "tandem:overwrite" })),
    close: () => socket.close(),
  };
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

  it("gets what both sides wrote, where they changed different lines", async () => {
    const { path, host, said } = await started();
    const [one, two] = await Promise.all([page(host), page(host)]);
    await writeFile(path, `# from an editor\n${CONTRACT}`);
    await eventually(() => expect(one.shown).toHaveLength(2));
    one.change(`${CONTRACT}# from Studio\n`, 1);
    const both = `# from an editor\n${CONTRACT}# from Studio\n`;
    await eventually(() => expect([one.shown.at(-1), two.shown.at(-1)]).toEqual([both, both]));
    expect(await readFile(path, "utf8")).toBe(both);
    expect(one.refused()).toBeNull();
    expect(said()).toContain("was changed here and in Studio, in different lines: both are in it");
  });

  it("keeps what both sides wrote to the same lines, until the reader decides for one, and what is let go of", async () => {
    const { path, host, said } = await started();
    const [one, two] = await Promise.all([page(host), page(host)]);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    one.change(`${CONTRACT}# from Studio\n`, 1);
    await eventually(() => expect(one.refused()).toBe("conflict"));
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from an editor\n`);
    expect(said()).toContain("the file holds what was changed here, Studio shows what was typed there");
    await eventually(() => expect(two.shown.at(-1)).toBe(`${CONTRACT}# from an editor\n`));
    expect(two.refused()).toBeNull();

    one.overwrite();
    await eventually(() => expect(one.refused()).toBeNull());
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from Studio\n`);
    expect(await readFile(`${path}.kept-1`, "utf8")).toBe(`${CONTRACT}# from an editor\n`);
    expect(said()).toMatch(/what was overwritten is kept in \S*asyncapi\.yaml\.kept-1/);
    await eventually(() => expect(two.shown.at(-1)).toBe(`${CONTRACT}# from Studio\n`));
  });

  it("is not written from a text that is no longer what it was made from, and that text is kept when its page goes", async () => {
    const { path, host, said } = await started();
    const { change, close, refused } = await page(host);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    change(`${CONTRACT}# from Studio\n`, 1);
    change(`${CONTRACT}# from Studio, more\n`, 1);
    await eventually(() => expect(refused()).toBe("conflict"));
    close();
    await eventually(() => expect(said()).toMatch(/typed in Studio and not written is kept in \S*\.kept-1/));
    expect(await readFile(`${path}.kept-1`, "utf8")).toBe(`${CONTRACT}# from Studio, more\n`);
    const next = await page(host);
    expect(next.shown).toEqual([`${CONTRACT}# from an editor\n`]);
    expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# from an editor\n`);
  });

  it("that both want the same way again is no conflict any more", async () => {
    const { path, host } = await started();
    const { change, refused, shown } = await page(host);
    await writeFile(path, `${CONTRACT}# from an editor\n`);
    change(`${CONTRACT}# from Studio\n`, 1);
    await eventually(() => expect(refused()).toBe("conflict"));
    change(CONTRACT, 1);
    await eventually(() => expect(refused()).toBeNull());
    await eventually(() => expect(shown.at(-1)).toBe(`${CONTRACT}# from an editor\n`));
  });

  it("that is gone is written again only when that is said, and what was typed is kept at the end", async () => {
    const { path, host, studio, said } = await started();
    const { change, refused, overwrite } = await page(host);
    await rm(path);
    change(`${CONTRACT}# typed\n`, 1);
    await eventually(() => expect(refused()).toBe("gone"));
    overwrite();
    await eventually(async () => expect(await readFile(path, "utf8")).toBe(`${CONTRACT}# typed\n`));
    await eventually(() => expect(refused()).toBeNull());
    await rm(path);
    change(`${CONTRACT}# typed on\n`);
    await eventually(() => expect(refused()).toBe("gone"));
    await studio.close();
    expect(await readFile(`${path}.kept-1`, "utf8")).toBe(`${CONTRACT}# typed on\n`);
    expect(said()).toContain("asyncapi.yaml.kept-1");
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
    expect(await ask(port, "/", { method: "POST", headers: { host } })).toBe(405);
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
