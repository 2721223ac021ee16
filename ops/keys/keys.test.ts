import { X509Certificate } from "node:crypto";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { publicKeyOf } from "@tandem/runtime/admin";
import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { makeCertificates } from "./certificates.ts";
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
