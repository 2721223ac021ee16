import { describe, expect, it } from "vitest";
import { parseServers } from "./server-addresses.ts";

describe("parseServers", () => {
  it.each([
    ["nats://127.0.0.1:4300", "127.0.0.1:4300"],
    ["nats://broker", "broker:4222"],
    ["broker:4300", "broker:4300"],
    ["nats://[::1]:4300", "[::1]:4300"],
    [" nats://broker:1/ ", "broker:1"],
  ])("reads %s", (url, server) => {
    expect(parseServers([url])).toEqual({ servers: [server], login: {} });
  });

  it("takes user and password, percent-decoded", () => {
    expect(parseServers(["nats://ord%40er:p%3Ass@a:1", "nats://b:2"])).toEqual({
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
