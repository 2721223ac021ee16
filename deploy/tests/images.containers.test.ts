import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { eventually } from "../../lab/testing/eventually.ts";
import { askDocker, docker } from "../engine/docker.ts";
import { buildImage } from "../image/build-image.ts";
import { measureImages } from "../image/size/measure-images.ts";
import { SERVICES, TARGETS } from "../image/targets.ts";
import { noEngine, whyNot } from "./engine.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LOCKED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges:true", "--network", "none"];
const NAMES = TARGETS.map(({ name }) => name);

/** Runs a script on the Node of an image. */
async function ask(name: string, script: string, more: readonly string[] = []): Promise<string> {
  return docker(["run", "--rm", ...more, "--entrypoint", "node", `tandem-${name}`, "-e", script]);
}

describe.skipIf(noEngine)(`the images${whyNot}`, () => {
  const ids = new Map<string, string>();

  beforeAll(async () => {
    for (const name of [...NAMES, "nats"]) {
      ids.set(name, await buildImage(`tandem-${name}`, { root: ROOT, target: name }));
    }
  });

  it("are small: each service's own part, the whole, and beside the naive image", async () => {
    const naiveBase = process.env["NAIVE_BASE"] || "node:24";
    const { sizes } = await measureImages({ root: ROOT, naiveBase, onProgress: () => undefined });
    expect(sizes.flatMap(({ faults }) => faults)).toEqual([]);
    expect(sizes.filter(({ own }) => own > 0).map(({ name }) => name)).toEqual(NAMES.map((name) => `tandem-${name}`));
  });

  it("are the same when they are built again from nothing", async () => {
    expect(await buildImage(undefined, { root: ROOT, target: "order", noCache: true })).toBe(ids.get("order"));
    for (const name of NAMES) {
      expect(await buildImage(undefined, { root: ROOT, target: name })).toBe(ids.get(name));
    }
  });

  describe.each(NAMES)("%s", (name) => {
    const image = `tandem-${name}`;

    it("runs as a user who is nobody, and has neither shell nor package manager", async () => {
      const found = await ask(
        name,
        `const { existsSync } = require("node:fs");
         const folders = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/nodejs/bin", "/app"];
         const tools = ["sh", "bash", "dash", "busybox", "apt", "apt-get", "dpkg", "apk", "npm", "npx", "curl", "wget"];
         console.log(JSON.stringify([process.getuid(), process.getgid(),
           folders.flatMap((folder) => tools.map((tool) => folder + "/" + tool)).filter((file) => existsSync(file))]));`,
      );
      expect(JSON.parse(found)).toEqual([65532, 65532, []]);
      const { code, stderr } = await askDocker(["run", "--rm", "--entrypoint", "/bin/sh", image, "-c", "true"]);
      expect([code, stderr]).toEqual([127, expect.stringContaining("no such file")]);
    });

    it("owns nothing of its own code, and needs no root that can be written to", async () => {
      const script = `const { writeFileSync, readdirSync, lstatSync } = require("node:fs");
        const owners = new Set(readdirSync("/app", { recursive: true }).map((file) => lstatSync("/app/" + file).uid));
        const codes = ["/app/x", "/x", "/nodejs/bin/x"].map((file) => { try { writeFileSync(file, ""); } catch ({ code }) { return code; } });
        console.log(JSON.stringify([[...owners], codes]));`;
      expect(JSON.parse(await ask(name, script))).toEqual([[0], ["EACCES", "EACCES", "EACCES"]]);
      expect(JSON.parse(await ask(name, script, LOCKED))).toEqual([[0], ["EROFS", "EROFS", "EROFS"]]);
      const { stdout, stderr } = await askDocker(["run", "--rm", ...LOCKED, image, "--help"]);
      // The gateway's arguments are in its command, so that --help takes the place of all of them.
      expect(`${stdout}${stderr}`).not.toMatch(/EROFS|read-only/);
    });

    it("says what it is", async () => {
      const config = JSON.parse(await docker(["image", "inspect", "--format", "{{json .Config}}", image]));
      expect(config.User).toBe("65532:65532");
      expect(config.Labels).toMatchObject({
        "org.opencontainers.image.title": image,
        "org.opencontainers.image.description": expect.stringMatching(/\.$/),
        "org.opencontainers.image.version": manifest.version,
        "org.opencontainers.image.revision": expect.stringMatching(/./),
        "org.opencontainers.image.licenses": "Apache-2.0",
      });
      expect(config.Labels["dev.tandem.demo-only"]).toBe(name === "gateway" ? "true" : undefined);
      expect(config.Healthcheck.Test).toEqual(["CMD", "node", "/app/health.mjs", expect.stringMatching(/^\/health/)]);
      expect(Object.keys(config.ExposedPorts)).toEqual(["3000/tcp"]);
    });

    it("lists what is in it, with the licences", async () => {
      const read = `const { readdirSync, readFileSync } = require("node:fs");
        console.log(JSON.stringify([process.versions.node, readdirSync("/var/lib/dpkg/status.d"),
          ...["sbom.cdx.json", "THIRD-PARTY.md", "LICENSE"].map((file) => readFileSync("/app/" + file, "utf8"))]))`;
      const [node, recorded, sbom, notices, license] = JSON.parse(await ask(name, read));
      const { metadata, components } = JSON.parse(sbom);
      expect(metadata.component).toMatchObject({ name: image, version: manifest.version });
      const [first, ...others] = components;
      expect(first).toMatchObject({ name: "node", version: node });
      const of = (kind: string) => others.filter(({ purl }: { purl: string }) => purl.startsWith(`pkg:${kind}/`));
      expect(of("deb").map((one: { name: string }) => one.name)).toEqual(recorded);
      expect(recorded).toContain("libc6");
      const packages = of("npm");
      for (const { name: dependency, version } of packages) expect(notices).toContain(`## ${dependency} ${version}`);
      const names = packages.map((one: { name: string }) => one.name);
      expect(names).not.toContain("esbuild");
      expect(names.includes("@nats-io/jetstream")).toBe(name !== "gateway");
      expect(license).toContain("Apache License");
    });
  });

  it.each(SERVICES)("%s says what it was not told, and ends with 78", async (name) => {
    const { code, stderr } = await askDocker(["run", "--rm", ...LOCKED, `tandem-${name}`]);
    expect([code, stderr]).toEqual([78, expect.stringContaining("DATABASE_URL is not set")]);
  });

  it("become healthy, and end with 0 within a second of SIGTERM", async () => {
    const id = await docker(["run", "--detach", ...LOCKED, "--tmpfs", "/var/lib/gateway:uid=65532", "tandem-gateway"]);
    try {
      await eventually(
        async () => (await docker(["inspect", "--format", "{{.State.Health.Status}}", id])) === "healthy",
        { deadlineMs: 120_000, intervalMs: 500 },
      );
      // What has not ended after a second is killed, and ends with 137.
      await docker(["stop", "--timeout", "1", id]);
      expect(await docker(["inspect", "--format", "{{.State.ExitCode}}", id])).toBe("0");
    } finally {
      await docker(["rm", "--force", "--volumes", id]);
    }
  });
});
