/** The settings that every service has. A service adds its own. */
import { parseServers } from "../nats/server-addresses.ts";
import { consumerSettings } from "./consumer-settings.ts";
import { httpSettings } from "./http-settings.ts";
import {
  appendableFile,
  choice,
  integer,
  milliseconds,
  optional,
  text,
  url,
  type Setting,
  type SettingNotes,
  type SettingValues,
} from "./setting.ts";
import { wordsOf } from "../words-of.ts";

/** Log levels, from what is said most often to what is said least. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** The declarations, with the port that this service has when nothing else is said. */
export function runtimeSettings(defaults: { readonly httpPort: number }) {
  return {
    NATS_URL: natsServers({
      description: "The NATS servers of one cluster, separated by commas.",
      default: ["nats://127.0.0.1:4222"],
    }),
    DATABASE_URL: url({
      description: "The PostgreSQL database that holds the service's schema, with the service's own role.",
      protocols: ["postgres:", "postgresql:"],
    }),
    DATABASE_CONNECTIONS: integer({
      description:
        "Connections to PostgreSQL at most; three of them serve the relay and health, the others bound how many handlers run at once.",
      min: 5,
      max: 500,
      default: 16,
    }),
    // Loopback, so that a service started on a desk is not open to its network; a container sets 0.0.0.0.
    HTTP_HOST: text({
      description: "The address that HTTP listens on; 0.0.0.0 for all of them.",
      default: "127.0.0.1",
    }),
    HTTP_PORT: integer({
      description: "The port of health, metrics and the service's own routes; 0 takes a free one.",
      min: 0,
      max: 65_535,
      default: defaults.httpPort,
    }),
    // A service may not look at its streams' configuration, and on a stream of one replica a batch costs more.
    ATOMIC_BATCHES: choice({
      description:
        "Whether the versions of one event are stored as one atomic batch: on where the streams are replicated and take batches, else off (one after the other).",
      of: ["on", "off"],
      default: "off",
    }),
    LOG_LEVEL: choice({ description: "The least important lines that are written.", of: LOG_LEVELS, default: "info" }),
    LOG_FILE: optional(appendableFile({ description: "A file that gets every log line besides stdout." })),
    SHUTDOWN_GRACE: milliseconds({
      description: "How long handlers and requests in hand may take to finish when the process is told to stop.",
      min: 0,
      max: 600_000,
      default: 20_000,
    }),
    ...consumerSettings(),
    ...httpSettings(),
  };
}

/** The values of the runtime's settings. */
export type RuntimeSettings = SettingValues<ReturnType<typeof runtimeSettings>>;

function natsServers(notes: SettingNotes<readonly string[]>): Setting<readonly string[]> {
  return {
    unit: "URL,URL",
    secret: true,
    ...notes,
    parse: (value) => {
      try {
        parseServers([value]);
        return { value: value.split(",") };
      } catch (error) {
        return { fault: `is wrong: ${wordsOf(error)}` };
      }
    },
  };
}
