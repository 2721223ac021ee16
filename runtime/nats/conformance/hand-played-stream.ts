/** A subject that is answered like a stream, by hand: it shows what a publisher has on its way. */
import { connect, type Msg } from "@nats-io/transport-node";
import { onTestFinished } from "vitest";
import type { ServerFixture } from "./server-fixture.ts";

export interface HandPlayedStream {
  readonly subject: string;
  /** What has arrived, in its order, answered or not. */
  readonly arrived: readonly Msg[];
  /** Says that a message is stored. */
  acknowledge(message: Msg | undefined): void;
  /** The most messages that were here without an answer at any time. */
  readonly mostUnanswered: number;
}

let subjects = 0;

export async function handPlayedStream(servers: ServerFixture): Promise<HandPlayedStream> {
  const client = await connect({ servers: servers.urls.map((url) => new URL(url).host) });
  onTestFinished(() => client.close());
  const arrived: Msg[] = [];
  subjects += 1;
  const subject = `played.by.hand.${subjects}`;
  let answered = 0;
  let mostUnanswered = 0;
  client.subscribe(subject, {
    callback: (_, message) => {
      arrived.push(message);
      mostUnanswered = Math.max(mostUnanswered, arrived.length - answered);
    },
  });
  // On a cluster the other nodes hear of the subscription a moment later; until then nobody takes the subject.
  await client.flush();
  return {
    subject,
    arrived,
    get mostUnanswered() {
      return mostUnanswered;
    },
    acknowledge(message) {
      answered += 1;
      message?.respond(JSON.stringify({ stream: "PLAYED", seq: answered }));
    },
  };
}
