/** The Docker engine, through its command line. */
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";

export interface DockerOptions {
  /** The folder that it runs in. */
  readonly cwd?: string;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `docker` with these words, whatever comes of it. Rejects only where there is no such program. */
export async function askDocker(words: readonly string[], { cwd, env }: DockerOptions = {}): Promise<Ended> {
  const child = spawn("docker", words, { cwd, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 1));
  const [code, stdout, stderr] = await Promise.all([promise, text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/**
 * Runs `docker` and answers what it printed, without the end of the last line.
 * @throws its own words when it fails
 */
export async function docker(words: readonly string[], options: DockerOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await askDocker(words, options);
  if (code === 0) return stdout.trimEnd();
  throw new Error(`docker ${words.slice(0, 4).join(" ")} ended with ${code}:\n${`${stdout}${stderr}`.trim()}`);
}

/**
 * Why the programs `docker` and `docker compose` can run no container here, in words; undefined when they can. What starts
 * containers without them asks `testcontainersProblem` of lab/containers/.
 */
export async function dockerProblem(): Promise<string | undefined> {
  try {
    const { code, stderr } = await askDocker(["version", "--format", "{{.Server.Version}}"]);
    if (code !== 0) return `no Docker engine answers (${stderr.trim().split("\n").at(-1) ?? "no word of why"})`;
    const compose = await askDocker(["compose", "version"]);
    return compose.code === 0 ? undefined : "Docker has no `docker compose` here";
  } catch {
    return "there is no program called docker";
  }
}
