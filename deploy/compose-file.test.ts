import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { identitiesOf } from "../ops/permissions/identities.ts";
import { readTopology, servicesOf } from "../ops/topology.ts";
import { TARGETS } from "./image/targets.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const read = (path: string) => readFileSync(ROOT + path, "utf8");
const text = read("docker-compose.yml");
const compose = parse(text, { merge: true });
const services = Object.entries<(typeof compose)["services"]>(compose.services);
const topology = readTopology(`${ROOT}generated/topology.json`);

describe("every container of docker-compose.yml", () => {
  it.each(services)("%s has limits, no way to more rights, and nothing of its own to write to", (_name, service) => {
    expect(service).toMatchObject({
      cpus: expect.any(Number),
      mem_limit: expect.stringMatching(/^\d+m$/),
      pids_limit: expect.any(Number),
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      logging: { driver: "json-file", options: { "max-size": "10m", "max-file": "3" } },
    });
    expect(service).not.toHaveProperty("privileged");
    expect(service).not.toHaveProperty("cap_add");
  });

  it.each(services)("%s says when it is well, or ends by itself", (_name, { healthcheck, restart, profiles }) => {
    const isTask = healthcheck?.disable === true;
    expect(restart === "unless-stopped").toBe(!isTask);
    // What is started on demand may have the check of its image.
    expect(isTask || profiles !== undefined || healthcheck?.test !== undefined).toBe(true);
  });

  it.each(services)("%s is open to this machine alone", (_name, { ports = [] }) => {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it("runs what the Dockerfile builds, or an image with a version", () => {
    const images = services.map(([, { image }]) => image);
    for (const image of images) {
      expect(image).toMatch(/^tandem-[a-z]+:\$\{TANDEM_TAG:-latest\}$|^[a-z/]+:v?\d[\w.-]*$/);
    }
    const targets = services.flatMap(([, { build }]) => build?.target ?? []);
    expect(new Set(targets)).toEqual(new Set([...TARGETS.map(({ name }) => name), "nats"]));
    const stages = [...read("Dockerfile").matchAll(/^FROM \S+ AS (\S+)$/gm)].map((match) => match[1]);
    expect(stages).toEqual(expect.arrayContaining([...new Set(targets)]));
  });
});

describe("secrets", () => {
  const isSecret = /password|passwd|token|seed|:\/\/[^/\s@]*:[^/\s@]*@/i;

  it("are in no variable, argument or build: only in files that are mounted", () => {
    for (const [name, { environment = {}, command = [], build = {} }] of services) {
      for (const [key, value] of Object.entries(environment)) {
        // A variable may name a file, or switch something off.
        if (/_FILE$|^GF_USERS_/.test(key)) continue;
        expect(`${name} ${key}=${String(value).replaceAll("nkey=/run/secrets/nats_seed", "")}`).not.toMatch(isSecret);
      }
      expect(JSON.stringify(command).replace("--no-passwords", "").replace("password_encryption=", "")).not.toMatch(
        isSecret,
      );
      expect(JSON.stringify(build.args ?? {})).not.toMatch(isSecret);
    }
    expect(read(".gitignore").split("\n")).toContain("secrets/");
    expect(
      read(".dockerignore")
        .split("\n")
        .find((line) => !line.startsWith("#")),
    ).toBe("*");
  });

  it.each(services)("of %s are its own: its key, its role, and what everybody trusts", (name, { secrets = [] }) => {
    const given = secrets.map((secret: string | { source: string }) =>
      typeof secret === "string" ? secret : secret.source,
    );
    const isObserver = name === "tandem" || name === "verify";
    const identity = isObserver ? "observer" : name;
    const seeds = given.filter((source: string) => source.endsWith("_seed"));
    expect(seeds).toEqual(identitiesOf(topology).includes(identity) ? [`${identity}_seed`] : []);
    // The observer reads what the steward may read.
    const role = isObserver ? "steward" : name === "provisioner" ? "admin" : name;
    const urls = given.filter((source: string) => source.endsWith("_url"));
    expect(urls).toEqual([...servicesOf(topology), "steward", "admin"].includes(role) ? [`${role}_url`] : []);
    expect(given.includes("nats_key")).toBe(name.startsWith("nats-"));
  });

  it("are files of the folder that TANDEM_SECRETS names", () => {
    const { ca, ...made } = compose.secrets;
    // A file of this machine, for the build alone.
    expect(ca).toBeDefined();
    for (const { file } of Object.values<{ file: string }>(made)) {
      expect(file).toMatch(/^\$\{TANDEM_SECRETS:-\.\/secrets\}\/(?:nats|tls|postgres|grafana)\//);
    }
  });
});

describe("what a node keeps", () => {
  it("is on its disk before it is acknowledged, and on a volume of its own", () => {
    expect(read("deploy/nats/nats-server.conf")).toMatch(/^ {2}sync_interval: always$/m);
    const nodes = services.filter(([name]) => name.startsWith("nats-"));
    expect(nodes.map(([name, { volumes, environment }]) => [volumes[0], environment.NODE, name])).toEqual(
      ["nats-1", "nats-2", "nats-3"].map((name) => [`${name}:/data`, name, name]),
    );
    expect(compose.services.postgres.command.join(" ")).toContain("-c fsync=on -c synchronous_commit=on");
  });

  it("is asked for by nodes that can find each other, over TLS", () => {
    const config = read("deploy/nats/nats-server.conf");
    expect([...config.matchAll(/nats-route:\/\/(nats-\d):6222/g)].map((match) => match[1])).toEqual([
      "nats-1",
      "nats-2",
      "nats-3",
    ]);
    expect(config).toMatch(/cluster \{[\s\S]*verify: true/);
    const urls = services.flatMap(([, { environment = {} }]) => environment.NATS_URL ?? []);
    expect(urls).toHaveLength(7);
    for (const url of urls) expect(url).toMatch(/^tls:\/\/.*\?ca=/);
  });
});
