/** The system of docker-compose.yml under a name, ports and secrets of its own. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../lab/servers/free-port.ts";
import { eventually } from "../../lab/testing/eventually.ts";
import { askDocker, docker, type Ended } from "../engine/docker.ts";
import { makeSecrets } from "../keys/make-secrets.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** How long a container may take to be well again, milliseconds; a limit and no promise. */
const WELL_LIMIT_MS = 180_000;

/** What the engine says of a container. */
export interface ContainerState {
  readonly id: string;
  readonly pid: number;
  readonly startedAt: string;
  readonly isRunning: boolean;
  readonly exitCode: number;
  /** `healthy`, `unhealthy`, `starting`. */
  readonly health: string;
}

export interface ComposeSystem {
  /** The door of the order service. */
  readonly url: string;
  readonly prometheusUrl: string;
  /** Where the secrets are. */
  readonly secrets: string;
  /** Runs `docker compose`, and answers what it printed. */
  compose(...words: readonly string[]): Promise<string>;
  /** Runs a command of `tandem` in a container of its own. */
  tandem(...words: readonly string[]): Promise<Ended>;
  stateOf(service: string): Promise<ContainerState>;
  /** Ends the process of a container as the kernel would that has no memory left; nobody is asked to stop. */
  crash(service: string): Promise<void>;
  /** Waits until the container was started again after this state, and is well. */
  againAfter(service: string, before: ContainerState): Promise<void>;
  /** Removes everything. */
  end(): Promise<void>;
}

/** Makes secrets, and starts the system of images that are built already. */
export async function startComposeSystem(): Promise<ComposeSystem> {
  const secrets = await mkdtemp(join(tmpdir(), "tandem-secrets-"));
  const [orderPort, prometheusPort] = [await freePort(), await freePort()];
  const project = ["compose", "--project-name", `tandem-test-${process.pid}`];
  const options = {
    cwd: ROOT,
    env: { TANDEM_SECRETS: secrets, ORDER_PORT: String(orderPort), PROMETHEUS_PORT: String(prometheusPort) },
  };
  const compose = async (...words: readonly string[]) => docker([...project, ...words], options);

  const stateOf = async (service: string): Promise<ContainerState> => {
    const id = await compose("ps", "--all", "--quiet", service);
    const format = "{{json .State}}";
    const state = JSON.parse(await docker(["inspect", "--format", format, id]));
    return {
      id,
      pid: state.Pid,
      startedAt: state.StartedAt,
      isRunning: state.Running,
      exitCode: state.ExitCode,
      health: state.Health?.Status ?? "",
    };
  };

  const end = async (): Promise<void> => {
    await compose("--profile", "*", "down", "--volumes", "--remove-orphans", "--timeout", "5");
    await rm(secrets, { recursive: true, force: true });
  };

  await makeSecrets({ root: ROOT, folder: secrets, print: () => undefined });
  try {
    await compose("up", "--detach", "--no-build", "--wait", "--wait-timeout", "300");
  } catch (error) {
    const said = await compose("logs", "--tail", "20").catch(String);
    await end();
    throw new Error(`The system did not start.\n${said}`, { cause: error });
  }
  return {
    url: `http://127.0.0.1:${orderPort}`,
    prometheusUrl: `http://127.0.0.1:${prometheusPort}`,
    secrets,
    compose,
    stateOf,
    end,
    tandem: async (...words) => askDocker([...project, "run", "--rm", "--no-deps", "tandem", ...words], options),
    crash: async (service) => {
      // `docker kill` counts as a wish, after which nothing is started again; so another process of the machine does it.
      const killer = ["--pid", "host", "--network", "none", "--user", "0", "--cap-drop", "ALL", "--cap-add", "KILL"];
      const { pid } = await stateOf(service);
      await docker(["run", "--rm", ...killer, "--entrypoint", "kill", "tandem-nats", "-9", String(pid)]);
    },
    againAfter: async (service, before) => {
      await eventually(
        async () => {
          const now = await stateOf(service);
          return now.startedAt !== before.startedAt && now.isRunning && now.health === "healthy";
        },
        { deadlineMs: WELL_LIMIT_MS, intervalMs: 500 },
      );
    },
  };
}
