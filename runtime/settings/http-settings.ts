/** The settings of the HTTP door: how much it takes from anybody, and from whom it believes what. */
import { BlockList, isIP } from "node:net";
import { integer, milliseconds, type Setting, type SettingNotes, type SettingValues } from "./setting.ts";

/** The declarations. Every limit is of one process. */
export function httpSettings() {
  return {
    HTTP_BODY_LIMIT: integer({
      description: "The longest request body that is read; a longer one is answered 413.",
      unit: "bytes",
      min: 1_024,
      max: 104_857_600,
      default: 131_072,
    }),
    HTTP_JSON_DEPTH: integer({
      description: "How deep arrays and objects of a body may be nested; a deeper one is answered 400.",
      unit: "levels",
      min: 1,
      max: 1_000,
      default: 32,
    }),
    HTTP_HEADERS_LIMIT: integer({
      description: "The most bytes of request line and headers together; more are answered 431.",
      unit: "bytes",
      min: 1_024,
      max: 1_048_576,
      default: 16_384,
    }),
    HTTP_HEADER_COUNT: integer({
      description: "The most headers of a request; more are answered 431.",
      unit: "headers",
      min: 10,
      max: 2_000,
      default: 100,
    }),
    HTTP_URL_LIMIT: integer({
      description: "The longest path with its query; a longer one is answered 414.",
      unit: "bytes",
      min: 64,
      max: 65_536,
      default: 2_048,
    }),
    HTTP_HEADERS_TIMEOUT: milliseconds({
      description: "How long the headers of a request may take to arrive before it is answered 408.",
      min: 100,
      max: 600_000,
      default: 10_000,
    }),
    HTTP_REQUEST_TIMEOUT: milliseconds({
      description: "How long a whole request may take to arrive before it is answered 408.",
      min: 100,
      max: 3_600_000,
      default: 30_000,
    }),
    // Longer than load balancers keep theirs, so that it is they who close an idle connection.
    HTTP_KEEP_ALIVE_TIMEOUT: milliseconds({
      description: "How long an idle connection is kept; longer than a proxy in front keeps its own.",
      min: 100,
      max: 3_600_000,
      default: 65_000,
    }),
    HTTP_CONNECTIONS: integer({
      description: "Connections at most; further ones are closed unanswered.",
      unit: "connections",
      min: 1,
      max: 100_000,
      default: 2_000,
    }),
    HTTP_REQUESTS: integer({
      description: "Requests of the service's own routes in hand at most; further ones are answered 503.",
      unit: "requests",
      min: 1,
      max: 100_000,
      default: 500,
    }),
    HTTP_RATE: integer({
      description:
        "Requests that one client may send each second to the service's own routes, twice as many at once; more are answered 429. 0 for any number.",
      unit: "per second",
      min: 0,
      max: 1_000_000,
      default: 200,
    }),
    HTTP_TRUST_PROXY: networks({
      description:
        "Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed, as addresses or networks (10.0.0.0/8).",
      default: [],
    }),
    HTTP_CORS_ORIGINS: origins({
      description: "Origins whose pages may call the service's own routes from a browser; none unless set.",
      default: [],
    }),
    HTTP_BACKLOG_LIMIT: integer({
      description:
        "How long the oldest accepted event may wait to be published before requests that publish are answered 503; 0 takes them whatever waits.",
      unit: "s",
      min: 0,
      max: 86_400,
      default: 60,
    }),
    HTTP_HSTS: integer({
      description:
        "How long browsers shall come by TLS only, said in answers to requests that a trusted proxy got by TLS; 0 says nothing.",
      unit: "s",
      min: 0,
      max: 63_072_000,
      default: 0,
    }),
  };
}

/** The values of the settings of the door. */
export type HttpSettings = SettingValues<ReturnType<typeof httpSettings>>;

/** The networks of a setting as a list that answers whether an address is in one of them. */
export function networkList(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const { address, prefix, family } = networkOf(network) ?? {};
    if (address !== undefined && prefix !== undefined) list.addSubnet(address, prefix, family);
  }
  return list;
}

function networks(notes: SettingNotes<readonly string[]>): Setting<readonly string[]> {
  return {
    unit: "address,network/bits",
    secret: false,
    ...notes,
    parse: (value) => {
      const list = value.split(",").map((part) => part.trim());
      const wrong = list.find((part) => networkOf(part) === undefined);
      return wrong === undefined ? { value: list } : { fault: `names what is no address and no network: "${wrong}"` };
    },
  };
}

function networkOf(text: string): { address: string; prefix: number; family: "ipv4" | "ipv6" } | undefined {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return undefined;
  const longest = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? longest : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  return prefix <= longest ? { address, prefix, family: version === 4 ? "ipv4" : "ipv6" } : undefined;
}

function origins(notes: SettingNotes<readonly string[]>): Setting<readonly string[]> {
  return {
    unit: "origin,origin",
    secret: false,
    ...notes,
    parse: (value) => {
      const list = value.split(",").map((part) => part.trim());
      const wrong = list.find((part) => URL.parse(part)?.origin !== part || !/^https?:/.test(part));
      return wrong === undefined
        ? { value: list }
        : { fault: `names what is no origin like https://shop.example: "${wrong}"` };
    },
  };
}
