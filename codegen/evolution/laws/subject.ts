/** What the laws are tried on: two versions of an event and the functions between them. */
import type { Definitions } from "../../emit/json-schema.ts";
import type { JsonSchema } from "../../model/model.ts";

/** One version. */
export interface Side {
  /** `OrderCreatedV1`. */
  readonly name: string;
  /** Of the whole body, with what the runtime stamps. */
  readonly schema: JsonSchema;
  /** The validator that services use. */
  readonly validate: (body: unknown) => boolean;
}

/** A mapping between two adjacent versions. Both functions answer with a symbol for what cannot be represented. */
export interface LawSubject {
  /** `OrderCreatedV1 to OrderCreatedV2`. */
  readonly name: string;
  readonly from: Side;
  readonly to: Side;
  readonly up: (payload: unknown) => unknown;
  readonly down: (payload: unknown) => unknown;
  /** Declared losses, as JSON pointers into the version that loses them. */
  readonly lossy: { readonly up: readonly string[]; readonly down: readonly string[] };
  /** Whether an event may have no counterpart on the way up. On the way down it always may. */
  readonly mayRefuseUp: boolean;
  /** JSON pointer to the event's key. */
  readonly key: string;
  readonly definitions: Definitions;
  /** Payloads that were recorded before a change, with what they must become where that was recorded too. */
  readonly golden?: readonly Golden[];
}

/** A recorded body of one version. */
export interface Golden {
  /** The message that it is a body of. */
  readonly message: string;
  readonly name: string;
  readonly body: unknown;
  /** Payloads of other messages that it must become, by message. */
  readonly becomes: Readonly<Record<string, unknown>>;
}
