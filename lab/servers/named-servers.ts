/** Checks of servers that the environment names, in place of embedded ones. */
import { LabError, reasonOf } from "./lab-error.ts";
import { isAtLeast, MINIMUM_NATS_VERSION } from "./server-version.ts";

const MINIMUM_POSTGRES_MAJOR = 14;

/**
 * Connects to the server that `NATS_URL` names. Rejects with `SERVER_UNUSABLE`, naming the variable, when it does
 * not answer, is too old, or has no JetStream for this login.
 */
export async function checkNatsUrl(url: string): Promise<void> {
  const { withJetStream } = await import("./jetstream-session.ts");
  await checked("NATS_URL", url, () =>
    withJetStream(url, async ({ connection, jetstream }) => {
      const version = connection.info?.version ?? "of an unknown version";
      if (!isAtLeast(version, MINIMUM_NATS_VERSION)) {
        throw new Error(`it is nats-server ${version}, and ${MINIMUM_NATS_VERSION} or newer is needed`);
      }
      if (connection.info?.jetstream !== true) throw new Error("it runs without JetStream; start it with --jetstream");
      await jetstream().catch((cause: unknown) => {
        throw new Error(`it gives this login no JetStream (${reasonOf(cause)})`, { cause });
      });
    }),
  );
}

/**
 * Connects to the PostgreSQL that `DATABASE_URL` names. Rejects with `SERVER_UNUSABLE`, naming the variable, when it
 * does not answer or is too old.
 */
export async function checkDatabaseUrl(url: string): Promise<void> {
  const { queryOnce } = await import("./postgres-database.ts");
  await checked("DATABASE_URL", url, async () => {
    const [row] = await queryOnce(url, "SHOW server_version");
    const version = String(row?.["server_version"]);
    if (!(Number.parseInt(version, 10) >= MINIMUM_POSTGRES_MAJOR)) {
      throw new Error(`it is PostgreSQL ${version}, and ${MINIMUM_POSTGRES_MAJOR} or newer is needed`);
    }
  });
}

async function checked(variable: "NATS_URL" | "DATABASE_URL", url: string, check: () => Promise<void>): Promise<void> {
  try {
    await check();
  } catch (cause) {
    const server = variable === "NATS_URL" ? "NATS server" : "PostgreSQL";
    throw new LabError(
      "SERVER_UNUSABLE",
      `${variable} names ${withoutLogin(url)}, which cannot be used: ${reasonOf(cause)}. Correct ${variable}, or unset it to use an embedded ${server}.`,
      { cause },
    );
  }
}

/** The URL as it may be shown: whoever is in it before an `@` stays out. */
export function withoutLogin(url: string): string {
  return url.replaceAll(/\/\/[^/,]*@/g, "//");
}
