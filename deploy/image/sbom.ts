/** What an image holds of others, as a bill of materials (CycloneDX 1.6): the same input, the same text. */

import type { SystemPackage } from "./system-files.ts";

/** One entry of package-lock.json. */
export interface Locked {
  /** Where it is not called as its folder is. */
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
}

/** `packages` of package-lock.json, by folder. */
export type LockedPackages = Readonly<Record<string, Locked>>;

export interface Materials {
  /** The name and version of the image. */
  readonly image: { readonly name: string; readonly version: string };
  /** The Node that runs it, without a `v`. */
  readonly node: string;
  /** The packages of Debian that its libraries are from. */
  readonly system: readonly SystemPackage[];
  /** The files that were bundled, from the root. */
  readonly inputs: readonly string[];
  readonly locked: LockedPackages;
}

/**
 * The bill. It lists the packages of which something is in the bundle, and not the many more that were installed to make
 * it. It has neither a date nor a serial number: the same image has the same bill.
 * @throws when a bundled package is not in the lock file
 */
export function billOfMaterials({ image, node, system, inputs, locked }: Materials): string {
  const folders = [...new Set(inputs.flatMap((input) => packageFolder(input) ?? []))].sort();
  const bill = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      lifecycles: [{ phase: "build" }],
      component: { type: "container", "bom-ref": image.name, name: image.name, version: image.version },
    },
    components: [
      {
        type: "platform",
        "bom-ref": `node@${node}`,
        name: "node",
        version: node,
        licenses: [{ license: { id: "MIT" } }],
        purl: `pkg:generic/node@${node}`,
        cpe: `cpe:2.3:a:nodejs:node.js:${node}:*:*:*:*:*:*:*`,
      },
      ...system.map(({ name, version: installed }) => {
        const purl = `pkg:deb/debian/${encodeURIComponent(name)}@${encodeURIComponent(installed)}`;
        return { type: "library", "bom-ref": purl, name, version: installed, purl };
      }),
      ...folders.map((folder) => component(folder, locked)),
    ],
  };
  return `${JSON.stringify(bill)}\n`;
}

function component(folder: string, locked: LockedPackages): object {
  const found = locked[folder];
  if (found?.version === undefined) throw new Error(`package-lock.json has no version of ${folder}, which is bundled.`);
  const { version, integrity, license } = found;
  const name = found.name ?? folder.slice(folder.lastIndexOf("node_modules/") + "node_modules/".length);
  const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
  return {
    type: "library",
    "bom-ref": purl,
    name,
    version,
    ...(license !== undefined && {
      licenses: [license.includes(" ") ? { expression: license } : { license: { id: license } }],
    }),
    purl,
    ...(integrity !== undefined && { hashes: [hashOf(integrity)] }),
  };
}

/** npm writes the algorithm and base64; a bill writes its own name for it and hexadecimal digits. */
function hashOf(integrity: string): { readonly alg: string; readonly content: string } {
  const [, bits = "", base64 = ""] = /^sha(\d+)-(\S+)/.exec(integrity) ?? [];
  return { alg: `SHA-${bits}`, content: Buffer.from(base64, "base64").toString("hex") };
}

/** The folder of the package that a file belongs to, the innermost one; undefined for a file of ours. */
function packageFolder(input: string): string | undefined {
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}
