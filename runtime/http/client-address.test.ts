import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { httpSettings, networkList } from "../settings/http-settings.ts";
import { clientOf } from "./client-address.ts";

const trusted = networkList(["10.0.0.0/8", "192.0.2.7", "fd00::/8"]);

/** What is looked at of a request. */
function from(remoteAddress: string, forwarded?: string) {
  const headers = forwarded === undefined ? {} : { "x-forwarded-for": forwarded };
  return clientOf({ socket: { remoteAddress }, headers } as unknown as IncomingMessage, trusted);
}

describe("the client of a request", () => {
  it.each([
    ["nobody in between", "198.51.100.1", undefined, "198.51.100.1", false],
    ["a header that a stranger wrote", "198.51.100.1", "203.0.113.9", "198.51.100.1", false],
    ["a trusted proxy", "10.1.2.3", "203.0.113.9", "203.0.113.9", true],
    ["a trusted proxy on a socket for both", "::ffff:10.1.2.3", "203.0.113.9", "203.0.113.9", true],
    ["two trusted proxies", "10.1.2.3", "203.0.113.9, 192.0.2.7", "203.0.113.9", true],
    ["what a client wrote before its proxy", "10.1.2.3", "1.1.1.1, 203.0.113.9", "203.0.113.9", true],
    ["a proxy that says nothing", "10.1.2.3", undefined, "10.1.2.3", true],
    ["a proxy that says what is no address", "10.1.2.3", "203.0.113.9, unknown", "10.1.2.3", true],
    ["IPv6: the network that it has", "2001:DB8:1:2:3:4:5:6", undefined, "2001:db8:1:2::/64", false],
    ["IPv6, shortened", "2001:db8::1", undefined, "2001:db8:0:0::/64", false],
    ["IPv6 behind a proxy of IPv6", "fd00::1", "2001:db8:0:9::77", "2001:db8:0:9::/64", true],
    ["IPv6, nearly all zeros", "::1", undefined, "0:0:0:0::/64", false],
  ])("%s", (_, remote, forwarded, network, fromProxy) => {
    expect(from(remote, forwarded)).toEqual({ network, fromProxy });
  });
});

describe("the settings of the door", () => {
  const { HTTP_TRUST_PROXY, HTTP_CORS_ORIGINS } = httpSettings();

  it.each(["10.0.0.0/33", "10.0.0/8", "proxy.internal", "10.0.0.1/8/8", "::1/129", "", "10.0.0.1,", "10.0.0.1/"])(
    "take %j for no proxy",
    (value) => {
      expect(HTTP_TRUST_PROXY.parse(value)).toHaveProperty("fault");
    },
  );

  it.each(["*", "null", "shop.example", "https://shop.example/", "https://shop.example/a", "ftp://shop.example"])(
    "take %j for no origin",
    (value) => {
      expect(HTTP_CORS_ORIGINS.parse(value)).toHaveProperty("fault");
    },
  );

  it("take lists", () => {
    expect(HTTP_TRUST_PROXY.parse("10.0.0.0/8, ::1")).toEqual({ value: ["10.0.0.0/8", "::1"] });
    expect(HTTP_CORS_ORIGINS.parse("https://a.example,http://b.example:81")).toEqual({
      value: ["https://a.example", "http://b.example:81"],
    });
  });
});
