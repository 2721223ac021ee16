import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicKeyOf, serviceDatabases } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { makeCertificates } from "./certificates.ts";
import { makeDatabaseLogins } from "./database-logins.ts";
import { openForContainers } from "./for-containers.ts";
import { makeMissingKeys, readPublicKeys, retireKey, rotateKey, seedFile } from "./key-folder.ts";

const keysFolder = async (): Promise<string> => join(await scratchDirectory(), "secrets/nats");

describe("the keys", () => {
  it("are made where there are none, for their owner's eyes only, and stay where there are some", async () => {
    const folder = await keysFolder();
    expect(makeMissingKeys(folder, ["order", "observer"])).toEqual(["order", "observer"]);
    const seed = readFileSync(seedFile(folder, "order"), "utf8");
    expect(readPublicKeys(folder)["order"]).toEqual([publicKeyOf(seed)]);
    expect(statSync(seedFile(folder, "order")).mode & 0o777).toBe(0o600);
    expect(makeMissingKeys(folder, ["order", "payment"])).toEqual(["payment"]);
    expect(readFileSync(seedFile(folder, "order"), "utf8")).toBe(seed);
    expect(Object.keys(readPublicKeys(folder))).toEqual(["observer", "order", "payment"]);
  });

  it("never overwrite a seed that the list does not know", async () => {
    const folder = await keysFolder();
    makeMissingKeys(folder, ["order"]);
    writeFileSync(seedFile(folder, "payment"), "precious");
    expect(() => makeMissingKeys(folder, ["payment"])).toThrow(/EEXIST.*payment\.nk/);
    expect(readFileSync(seedFile(folder, "payment"), "utf8")).toBe("precious");
  });

  it("are replaced: both work until the old one is retired", async () => {
    const folder = await keysFolder();
    makeMissingKeys(folder, ["order"]);
    const [old] = readPublicKeys(folder)["order"] ?? [];
    rotateKey(folder, "order");
    const rotated = readPublicKeys(folder)["order"];
    expect(rotated).toEqual([publicKeyOf(readFileSync(seedFile(folder, "order"), "utf8")), old]);
    expect(() => rotateKey(folder, "order")).toThrow("order has an old key still");
    expect(retireKey(folder, "order")).toBe(true);
    expect(readPublicKeys(folder)["order"]).toEqual(rotated?.slice(0, 1));
    expect(retireKey(folder, "order")).toBe(false);
  });

  it("are those of somebody: another name is refused, also one that every object has", async () => {
    const folder = await keysFolder();
    makeMissingKeys(folder, ["order"]);
    expect(() => rotateKey(folder, "odrer")).toThrow('There is no key for "odrer"; there is one for order.');
    expect(() => rotateKey(folder, "constructor")).toThrow("There is no key");
  });

  it("say so when there are none, or their list is none", async () => {
    const folder = await keysFolder();
    expect(() => readPublicKeys(folder)).toThrow(`There are no keys in ${folder}`);
    makeMissingKeys(folder, ["order"]);
    writeFileSync(join(folder, "public-keys.json"), `{"order":"U"}`);
    expect(() => readPublicKeys(folder)).toThrow("is not a list of keys");
    writeFileSync(join(folder, "public-keys.json"), `{"order":`);
    expect(() => readPublicKeys(folder)).toThrow("is not a list of keys");
  });
});

describe("the logins to PostgreSQL", () => {
  const ADMIN = "postgres://postgres@db:5432/shop";

  it("are a password that is made once, and the URL that provisioning gives each role", async () => {
    const folder = join(await scratchDirectory(), "postgres");
    const names = ["admin.password", "admin.url", "order.url", "steward.url"];
    expect(makeDatabaseLogins(folder, ADMIN, ["order"])).toEqual(names.map((name) => join(folder, name)));
    const [password, admin, order, steward] = names.map((name) => readFileSync(join(folder, name), "utf8").trim());
    expect(password).toMatch(/^[\w-]{43}$/);
    expect(admin).toBe(`postgres://postgres:${password}@db:5432/shop`);
    expect(serviceDatabases(admin ?? "", ["order"]).map(({ url }) => url)).toEqual([order, steward]);
    expect(order).toMatch(/^postgres:\/\/tandem_order:[\w-]{43}@db:5432\/shop$/);
    expect(names.map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual(names.map(() => 0o600));
  });

  it("stay, but for those of another service or another server", async () => {
    const folder = join(await scratchDirectory(), "postgres");
    makeDatabaseLogins(folder, ADMIN, ["order"]);
    const password = readFileSync(join(folder, "admin.password"), "utf8");
    expect(makeDatabaseLogins(folder, ADMIN, ["order"])).toEqual([]);
    expect(makeDatabaseLogins(folder, ADMIN, ["order", "stock"])).toEqual([join(folder, "stock.url")]);
    expect(makeDatabaseLogins(folder, ADMIN.replace("db", "other"), ["order"])).toHaveLength(3);
    expect(readFileSync(join(folder, "admin.password"), "utf8")).toBe(password);
  });

  it.each(["mysql://root@db/shop", "postgres://db/shop", "postgres://postgres@db", "shop"])(
    "are refused for %s",
    async (url) => {
      const folder = join(await scratchDirectory(), "postgres");
      expect(() => makeDatabaseLogins(folder, url, ["order"])).toThrow("--database is the administrator's URL");
    },
  );

  it("take no password from the arguments, and no service that is called admin", async () => {
    const folder = join(await scratchDirectory(), "postgres");
    expect(() => makeDatabaseLogins(folder, ADMIN.replace("@", ":hunter2@"), ["order"])).toThrow(
      /^(?!.*hunter2).*leave it out/,
    );
    expect(() => makeDatabaseLogins(folder, ADMIN, ["admin"])).toThrow("rename the service");
  });
});

describe("secrets for containers", () => {
  it("may be read by whoever is given one, in folders that only their owner enters; the authority's key is kept", async () => {
    const secrets = join(await scratchDirectory(), "secrets");
    const folder = join(secrets, "nats");
    makeMissingKeys(folder, ["order"]);
    await makeCertificates(join(secrets, "tls"), ["nats-1"]);
    openForContainers(secrets);
    const modeOf = (path: string) => statSync(join(secrets, path)).mode & 0o777;
    expect(["", "nats", "tls"].map(modeOf)).toEqual([0o700, 0o700, 0o700]);
    expect(["nats/order.nk", "tls/server.key", "tls/ca.pem"].map(modeOf)).toEqual([0o644, 0o644, 0o644]);
    expect(modeOf("tls/ca.key")).toBe(0o600);
    // A key that takes the place of one is read by the same.
    rotateKey(folder, "order");
    expect(modeOf("nats/order.nk")).toBe(0o644);
  });
});

describe("the certificates", () => {
  const now = new Date();

  it("are an authority and a server that it signed", async () => {
    const folder = join(await scratchDirectory(), "tls");
    expect(await makeCertificates(folder, ["nats-1", "127.0.0.1"])).toEqual({ authority: true, server: true });
    const [authority, server] = ["ca.pem", "server.pem"].map(
      (name) => new X509Certificate(readFileSync(join(folder, name))),
    );
    if (authority === undefined || server === undefined) throw new Error("There are two certificates.");
    expect(server.verify(authority.publicKey) && server.checkIssued(authority)).toBe(true);
    expect([server.checkHost("nats-1"), server.checkIP("127.0.0.1"), server.checkHost("nats-2")]).toEqual([
      "nats-1",
      "127.0.0.1",
      undefined,
    ]);
    expect([authority.ca, server.ca]).toEqual([true, false]);
    expect(statSync(join(folder, "ca.key")).mode & 0o777).toBe(0o600);
  });

  it("stay while they serve, and are made again for another name and before their end", async () => {
    const folder = join(await scratchDirectory(), "tls");
    await makeCertificates(folder, ["nats-1"]);
    const authority = readFileSync(join(folder, "ca.pem"), "utf8");
    expect(await makeCertificates(folder, ["nats-1"])).toEqual({ authority: false, server: false });
    expect(await makeCertificates(folder, ["nats-1", "nats-2"])).toEqual({ authority: false, server: true });
    const nearTheEnd = new Date(now.getTime() + 800 * 86_400_000);
    expect(await makeCertificates(folder, ["nats-1", "nats-2"], { now: nearTheEnd })).toMatchObject({ server: true });
    expect(readFileSync(join(folder, "ca.pem"), "utf8")).toBe(authority);
  });
});
