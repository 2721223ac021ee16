/** What the global setup hands to every test file of the suite `system`. Plain data: it crosses processes. */
interface ProvidedServers {
  /** The server that `NATS_URL` names; null when each file starts its own. */
  readonly natsUrl: string | null;
  /** The program for servers of a test's own; null with `NATS_URL`: found when a test asks for it. */
  readonly natsBinary: string | null;
  /** The PostgreSQL that all files share: its user may create databases and roles. */
  readonly databaseUrl: string;
}

declare module "vitest" {
  export interface ProvidedContext {
    readonly servers: ProvidedServers;
  }
}
