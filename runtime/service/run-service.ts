/** The life of a service's process: arguments, signals, exit codes. */
import type { ServiceDescriptor } from "../descriptors.ts";
import { TandemError } from "../errors.ts";
import { redactText } from "../redaction/redact.ts";
import { describeSettings } from "../settings/read-settings.ts";
import { runtimeSettings } from "../settings/runtime-settings.ts";
import type { SettingDeclarations } from "../settings/setting.ts";
import type { ServiceOptions, WithEvolutions } from "./service-options.ts";
import { startService } from "./start-service.ts";

/** How a service's process ends. The numbers above 1 are those of sysexits.h. */
export const EXIT_CODES = { stopped: 0, failed: 1, usage: 64, config: 78 } as const;

/** A service, and how its process was called. */
export interface ProcessOptions<Handlers, Publish, Declared extends SettingDeclarations> extends ServiceOptions<
  Handlers,
  Publish,
  Declared
> {
  /** One sentence for `--help`. */
  readonly description?: string;
  /** The arguments after the program; those of the process when absent. */
  readonly argv?: readonly string[];
}

/**
 * Runs a service as the whole of its process, and ends the process: 0 after SIGTERM or SIGINT, 78 when
 * the environment is wrong, 1 when something failed that nobody caught. A second signal ends it at once.
 * `--help` prints the settings.
 */
export async function runService<
  Handlers extends object,
  Publish,
  Declared extends SettingDeclarations = SettingDeclarations,
  Evolutions = unknown,
>(
  descriptor: ServiceDescriptor<Handlers, Publish, Evolutions>,
  options: ProcessOptions<NoInfer<Handlers>, NoInfer<Publish>, Declared> & WithEvolutions<NoInfer<Evolutions>>,
): Promise<void> {
  const argv = options.argv ?? process.argv.slice(2);
  if (argv.includes("--help") || argv.includes("-h")) {
    process.stdout.write(helpOf(descriptor.name, options));
    return;
  }
  if (argv.length > 0) {
    process.stderr.write(`${descriptor.name} takes no arguments but --help, and was given ${argv.join(" ")}.\n`);
    process.exitCode = EXIT_CODES.usage;
    return;
  }
  try {
    const service = await startService<Handlers, Publish, Declared, Evolutions>(descriptor, options);
    const { log } = service.context;
    // A promise that rejects with nobody to hear it arrives here as well.
    process.on("uncaughtException", (error, origin) => {
      log.fatal({ err: error, origin }, "nobody caught this; the process ends, and what was in hand comes again");
      process.exit(EXIT_CODES.failed);
    });
    stopOnSignals(async () => service.stop());
    await service.stopped;
    // A handler that did not end within the grace period would keep the process alive.
    process.exit(EXIT_CODES.stopped);
  } catch (error) {
    process.stderr.write(`${descriptor.name}: ${redactText(wordsOf(error))}\n`);
    process.exit(
      error instanceof TandemError && error.code === "CONFIG_INVALID" ? EXIT_CODES.config : EXIT_CODES.failed,
    );
  }
}

function stopOnSignals(stop: () => Promise<void>): void {
  let told = false;
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      if (told) process.exit(EXIT_CODES.failed);
      told = true;
      // What becomes of it is awaited elsewhere.
      stop().catch(() => undefined);
    });
  }
}

function helpOf<Handlers, Publish, Declared extends SettingDeclarations>(
  name: string,
  { description, settings, httpPort = 0 }: ProcessOptions<Handlers, Publish, Declared>,
): string {
  const table = describeSettings({ ...settings, ...runtimeSettings({ httpPort }) });
  const about = description === undefined ? "" : `: ${description}`;
  return `${name}${about}\n\nEnvironment variables (an empty one counts as not set; a URL or a secret may stand in a file that NAME_FILE names):\n\n${table}\n`;
}

function wordsOf(error: unknown): string {
  if (error instanceof TandemError) return `${error.code}: ${error.message}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
