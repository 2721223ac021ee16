/** Which dead letters are stored already: the broker forgets message ids after an hour, the stream does not. */
import type { Admin } from "@tandem/runtime/admin";

/** Looks for dead letters by their message id, or by the message that they are of. */
export interface StoredLetters {
  has(letter: LetterIdentity): Promise<boolean>;
}

/** What makes two entries one. */
export interface LetterIdentity {
  /** Where its kind of letter is. */
  readonly subject: string;
  readonly messageId: string;
  /** The durable and the message; looked for as well when given. */
  readonly place?: { readonly consumer: string; readonly stream: string; readonly sequence: number };
}

/** Beyond so many remembered ids everything is forgotten and read again. */
const MOST_REMEMBERED = 200_000;

/** The letters of a stream. Each subject is read once, headers only, and from then on only what is new of it. */
export function storedLetters(admin: Admin, stream: string): StoredLetters {
  const subjects = new Map<string, { next: number; readonly known: Set<string> }>();
  return {
    async has({ subject, messageId, place }) {
      if ([...subjects.values()].reduce((sum, { known }) => sum + known.size, 0) > MOST_REMEMBERED) subjects.clear();
      const entry = subjects.get(subject) ?? { next: 1, known: new Set<string>() };
      subjects.set(subject, entry);
      const options = { from: entry.next, subjects: [subject], follow: false, headersOnly: true };
      for await (const { headers, sequence } of admin.readStream(stream, options)) {
        entry.known.add(`id ${headers["Nats-Msg-Id"]}`);
        entry.known.add(`of ${headers["dlq-consumer"]} ${headers["dlq-stream"]} ${headers["dlq-sequence"]}`);
        entry.next = sequence + 1;
      }
      const of = place && `of ${place.consumer} ${place.stream} ${place.sequence}`;
      return entry.known.has(`id ${messageId}`) || (of !== undefined && entry.known.has(of));
    },
  };
}
