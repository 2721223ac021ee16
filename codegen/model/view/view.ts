/** The contract as one service sees it: what it sends and receives, where, and what that holds. */
import type { VersionState } from "../../spec/contract.ts";
import type { JsonSchema, Pointer } from "../model.ts";

/** One service's view. Keys are unique in it, and safe in a JSON pointer. */
export interface View {
  readonly service: string;
  /** File name without extension. */
  readonly file: string;
  /** What the tag of the service's name says. */
  readonly description: string | undefined;
  /** Sorted by key. */
  readonly channels: readonly ViewChannel[];
  /** Sorted by key. */
  readonly operations: readonly ViewOperation[];
  /** Every message that its channels carry, sorted by key. */
  readonly messages: readonly ViewMessage[];
}

/** Words for people. */
export interface Described {
  readonly title: string | undefined;
  readonly summary: string | undefined;
  readonly description: string | undefined;
}

export interface ViewChannel extends Described {
  readonly key: string;
  /** With parameters in braces; undefined when it is only known at run time. */
  readonly address: string | undefined;
  /** The servers that it is on; undefined for all. */
  readonly servers: readonly string[] | undefined;
  readonly parameters: readonly ViewParameter[];
  /** Keys of messages, sorted. */
  readonly messages: readonly string[];
  /** Of a channel that is an event: the stream that keeps it, and the JSON pointer to its key. */
  readonly event: { readonly stream: string; readonly key: Pointer } | undefined;
  /** The contract that owns the event, when that is another team's. */
  readonly owner: string | undefined;
}

export interface ViewParameter {
  readonly name: string;
  readonly description: string | undefined;
  readonly location: string | undefined;
  readonly values: readonly string[] | undefined;
  readonly default: string | undefined;
}

export interface ViewOperation extends Described {
  readonly key: string;
  readonly action: "send" | "receive";
  readonly channel: string;
  /** Keys of messages, sorted. */
  readonly messages: readonly string[];
  /** The method of an operation of the HTTP door. */
  readonly method: string | undefined;
  readonly reply:
    | {
        readonly channel: string | undefined;
        readonly address: { readonly location: string; readonly description: string | undefined } | undefined;
        readonly messages: readonly string[];
      }
    | undefined;
}

export interface ViewMessage extends Described {
  readonly key: string;
  /** What programs call it. */
  readonly name: string | undefined;
  readonly deprecated: boolean;
  readonly contentType: string | undefined;
  /** Undefined when the document says nothing of the body. */
  readonly payload: JsonSchema | undefined;
  readonly headers: JsonSchema | undefined;
  /** JSON pointers of the values marked `x-sensitive`, `*` for every element. */
  readonly sensitive: readonly Pointer[];
  readonly examples: readonly { readonly [member: string]: unknown }[];
  readonly version:
    | { readonly number: number; readonly state: VersionState; readonly sunset: string | undefined }
    | undefined;
  /** The HTTP status that it answers with. */
  readonly status: number | undefined;
}
