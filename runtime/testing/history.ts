/** Everything that the streams of a test system hold, read once and from then on only what is new. */
import type { Admin, StoredMessage } from "../nats/admin-shapes.ts";
import type { TestStreams } from "./streams.ts";
import { fromWire, type WireNames } from "./wire-names.ts";

interface StreamHistory {
  lastSequence: number;
  readonly messages: StoredMessage[];
}

/** The stored messages, under the names of the contract. */
export class History {
  readonly #admin: Admin;
  readonly #names: WireNames;
  readonly #made: TestStreams;
  readonly #streams = new Map<string, StreamHistory>();

  constructor(admin: Admin, names: WireNames, made: TestStreams) {
    this.#admin = admin;
    this.#names = names;
    this.#made = made;
  }

  /** Every message that was stored, in the order of its stream; earlier streams first. Only as of the last `refresh`. */
  get messages(): readonly StoredMessage[] {
    return [...this.#streams.values()].flatMap(({ messages }) => messages);
  }

  /** The last sequence of each stream. */
  get lastSequences(): readonly (readonly [stream: string, sequence: number])[] {
    return [...this.#streams].map(([stream, { lastSequence }]) => [stream, lastSequence]);
  }

  /** The sequence of the newest message on one of the subjects; 0 when there is none. */
  lastOf(stream: string, subjects: readonly string[]): number {
    const messages = this.#streams.get(stream)?.messages;
    return messages?.findLast(({ subject }) => subjects.includes(subject))?.sequence ?? 0;
  }

  /** Reads what is new. Rejects as `Admin` does. */
  async refresh(): Promise<void> {
    for (const stream of this.#made.names) await this.#refresh(stream);
  }

  async #refresh(stream: string): Promise<void> {
    const wire = this.#names.stream(stream);
    const { lastSequence } = (await this.#admin.stream(wire)) ?? { lastSequence: 0 };
    let known = this.#streams.get(stream);
    // A stream that was made anew begins anew.
    if (known === undefined || lastSequence < known.lastSequence) known = { lastSequence: 0, messages: [] };
    this.#streams.set(stream, known);
    if (lastSequence === known.lastSequence) return;
    for await (const message of this.#admin.readStream(wire, { from: known.lastSequence + 1, follow: false })) {
      // Two readers at once must not read one message twice.
      if (message.sequence <= known.lastSequence) continue;
      known.messages.push(fromWire(this.#names, message));
      known.lastSequence = message.sequence;
    }
  }
}
