import { reasonOf } from "../servers/lab-error.ts";

/** The images that tests stand on: those of docker-compose.yml, as they come. */
export const IMAGES = { nats: "nats:2-alpine", postgres: "postgres:17-alpine" } as const;

/** The variable that chooses what the shared servers of tests are, and its value for containers. */
export const BACKEND = { variable: "TANDEM_TEST_SERVERS", containers: "containers" } as const;

/** Whether the servers that tests share are containers, and not processes of this machine. */
export function areContainersAskedFor(env: NodeJS.ProcessEnv = process.env): boolean {
  return env[BACKEND.variable] === BACKEND.containers;
}

/**
 * Why testcontainers can start no container here, in words; undefined when it can. It finds an engine by itself, with no
 * program called docker; whoever calls that asks `dockerProblem` of deploy/engine/.
 */
export async function testcontainersProblem(): Promise<string | undefined> {
  try {
    // Loads slowly, and only who asks for containers needs it.
    const { getContainerRuntimeClient } = await import("testcontainers");
    await getContainerRuntimeClient();
    return undefined;
  } catch (error) {
    return `no container engine answers (${reasonOf(error)})`;
  }
}
