/** A NATS server that `NATS_URL` names: lent to the tests, one file at a time. */
import { withJetStream } from "../servers/jetstream-session.ts";
import { LabError } from "../servers/lab-error.ts";
import { withoutLogin } from "../servers/named-servers.ts";

/** Rejects when the server holds a stream: tests would meet messages, and delete streams, that are not theirs. */
export async function refuseUsedServer(url: string): Promise<void> {
  const names = await streamNames(url);
  if (names.length === 0) return;
  throw new LabError(
    "SERVER_UNUSABLE",
    `NATS_URL points at a server that already holds streams (${names.join(", ")} at ${withoutLogin(url)}); tests need an empty one. ` +
      "Name another server, delete the streams if an interrupted test run left them, or unset NATS_URL to use embedded servers.",
  );
}

/** Deletes every stream. Only for a server that {@link refuseUsedServer} accepted before the test. */
export async function deleteStreams(url: string): Promise<void> {
  await withJetStream(url, async ({ jetstream }) => {
    const { streams } = await jetstream();
    for (const name of await namesOf(streams.names())) await streams.delete(name);
  });
}

async function streamNames(url: string): Promise<readonly string[]> {
  return withJetStream(url, async ({ jetstream }) => namesOf((await jetstream()).streams.names()));
}

async function namesOf(lister: AsyncIterable<string>): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of lister) names.push(name);
  return names;
}
