/** Builds an image of this repository, as `docker compose build` does. */
import { docker } from "../engine/docker.ts";

export interface BuildOptions {
  /** The repository. */
  readonly root: string;
  /** The file that says how; default `Dockerfile`. */
  readonly dockerfile?: string;
  /** The target in it; default the last. */
  readonly target?: string;
  /** Values of its arguments, by name. */
  readonly args?: Readonly<Record<string, string>>;
  /** Takes nothing that an earlier build left. */
  readonly noCache?: boolean;
}

/** What docker-compose.yml gives a build as well, so that both make the same image. */
const SAME = {
  SOURCE_DATE_EPOCH: process.env["SOURCE_DATE_EPOCH"] || "0",
  REVISION: process.env["REVISION"] || "unknown",
};

/**
 * Builds it, and names it when a name is given. Answers its id, which is made of all that is in it. Where
 * `NODE_EXTRA_CA_CERTS` is set, the build trusts the authorities in that file while it fetches packages.
 * @throws Docker's words when it does not build
 */
export async function buildImage(name: string | undefined, options: BuildOptions): Promise<string> {
  const { root, dockerfile = "Dockerfile", target, args, noCache = false } = options;
  const authority = process.env["NODE_EXTRA_CA_CERTS"] ?? "";
  return docker(
    [
      ...["build", "--quiet", "--file", dockerfile],
      ...(name === undefined ? [] : ["--tag", name]),
      ...(target === undefined ? [] : ["--target", target]),
      ...(noCache ? ["--no-cache"] : []),
      ...Object.entries({ ...SAME, ...args }).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]),
      ...(authority === "" ? [] : ["--secret", `id=ca,src=${authority}`]),
      ".",
    ],
    { cwd: root },
  );
}
