/** The images of this repository: what each runs, and what it needs beside its code. */

export interface Target {
  /** The target of the Dockerfile; the image is called `tandem-` and this. */
  readonly name: string;
  /** The file that it runs, from the root. Its bundle lies at the same place below `/app`. */
  readonly entry: string;
  /** Files and folders that it reads when it runs, from the root, which lie at the same place below `/app`. */
  readonly files: readonly string[];
}

const SCHEMAS = "generated/schemas";

/** All images. The services come first: a limit holds for what each of them adds to what all of them share. */
export const TARGETS = [
  service("order", [SCHEMAS]),
  service("inventory"),
  service("payment"),
  { name: "ops", entry: "ops/main.ts", files: ["generated/topology.json", SCHEMAS] },
  { name: "gateway", entry: "lab/gateway/main.ts", files: [] },
] as const satisfies readonly Target[];

/** The names of the images that are services. */
export const SERVICES = ["order", "inventory", "payment"] as const;

function service<const Name extends string>(name: Name, files: readonly string[] = []) {
  return {
    name,
    entry: `services/${name}/main.ts`,
    files: [`services/${name}/schema.sql`, ...files],
  } as const;
}
