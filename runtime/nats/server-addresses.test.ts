import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { createNkey } from "./nkeys.ts";
import { parseServers } from "./server-addresses.ts";

describe("parseServers", () => {
  it.each([
    ["nats://127.0.0.1:4300", "127.0.0.1:4300"],
    ["nats://broker", "broker:4222"],
    ["broker:4300", "broker:4300"],
    ["nats://[::1]:4300", "[::1]:4300"],
    [" nats://broker:1/ ", "broker:1"],
  ])("reads %s", (url, server) => {
    expect(parseServers([url])).toEqual({
      servers: [server],
      login: {},
      files: {},
      inboxPrefix: undefined,
      apiPrefix: "$JS.API",
    });
  });

  it("takes user and password, percent-decoded", () => {
    expect(parseServers(["nats://ord%40er:p%3Ass@a:1", "nats://b:2"])).toMatchObject({
      servers: ["a:1", "b:2"],
      login: { user: "ord@er", pass: "p:ss" },
    });
  });

  it("takes a user alone as a token", () => {
    expect(parseServers(["nats://s3cret@a:1"]).login).toEqual({ token: "s3cret" });
  });

  it("demands TLS for tls://", () => {
    expect(parseServers(["tls://a:1"]).login).toEqual({ tls: {} });
  });

  it("splits a list", () => {
    expect(parseServers(["nats://a:1, nats://b:2"]).servers).toEqual(["a:1", "b:2"]);
  });

  it.each([
    [[], /no NATS server is named/],
    [["  "], /no NATS server is named/],
    [["http://a:1"], /scheme http/],
    [["ws://a:1"], /scheme ws/],
    [["nats://a:99999"], /is not a URL/],
    [["nats://u:%zz@a:1"], /percent-encoded/],
    [["nats://a:1/path"], /after the port/],
    [["nats://u:p@a:1", "nats://v:q@b:1"], /different logins/],
  ])("refuses %j", (urls, words) => {
    expect(() => parseServers(urls)).toThrow(words);
  });

  it("reports every problem and shows no password", () => {
    const parse = () => parseServers(["http://u:hunter2@a:1", "nats://u:hunter2@b:1/x"]);
    expect(parse).toThrow(/scheme http.*after the port/);
    expect(parse).not.toThrow(/hunter2/);
  });
});

describe("the files of a login", () => {
  const write = async (name: string, text: string): Promise<string> => {
    const file = join(await scratchDirectory(), name);
    await writeFile(file, text);
    return file;
  };

  it("stand behind the URL, and one URL speaks for all", async () => {
    const { seed } = createNkey();
    const nkey = await write("order.nk", `# order\n${seed}\n`);
    expect(parseServers([`tls://a:1?nkey=${nkey}&inbox=_INBOX_order&api=bus.API`, "tls://b:2"])).toEqual({
      servers: ["a:1", "b:2"],
      login: { tls: {} },
      files: { nkey },
      inboxPrefix: "_INBOX_order",
      apiPrefix: "bus.API",
    });
  });

  it.each([
    ["tls://a:1?nkye=x", /\?nkye=, which means nothing: there is nkey/],
    ["tls://a:1?nkey=", /without a value/],
    ["tls://a:1?nkey=/nowhere/order.nk", /nkey=\/nowhere\/order\.nk cannot be read: ENOENT/],
    ["tls://a:1?cert=/nowhere/a.pem", /cert= and key= belong together/],
    ["tls://a:1?inbox=_INBOX.%3E", /inbox= is the beginning of subjects/],
    ["tls://a:1?inbox=a,tls://b:1?inbox=b", /different inbox= values/],
    ["nats://a:1#b", /after the port/],
  ])("is refused as %s", (url, words) => {
    expect(() => parseServers([url])).toThrow(words);
  });

  it("hold what they are called after, and no word of it is shown", async () => {
    const nkey = await write("order.nk", "SUSECRETBUTSHORT");
    const ca = await write("ca.pem", "PRIVATEWORDS");
    const parse = () => parseServers([`tls://a:1?nkey=${nkey}&ca=${ca}`]);
    expect(parse).toThrow(/without a seed of a user.*without a certificate/);
    expect(parse).not.toThrow(/SUSECRET|PRIVATEWORDS/);
  });

  it("are one login: a user beside them is another", async () => {
    const nkey = await write("order.nk", createNkey().seed);
    expect(() => parseServers([`nats://u:p@a:1?nkey=${nkey}`])).toThrow(/use one of them/);
  });
});
