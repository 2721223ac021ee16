/** The messages of one service's view, each under a key of its own. */
import { compareText } from "../../diagnostic.ts";
import type { Contract, ExampleSpec, MessageSpec } from "../../spec/contract.ts";
import { isList, isObject } from "../../spec/json.ts";
import type { Pointer } from "../../spec/pointer.ts";
import { Report } from "../../spec/report.ts";
import type { Named } from "./build-views.ts";
import { typeNameOf } from "../names.ts";
import type { Schemas } from "../schemas.ts";
import { sensitivePointers } from "../sensitive.ts";
import type { ViewMessage } from "./view.ts";

export class ViewMessages {
  readonly #contract: Contract;
  readonly #schemas: Schemas;
  readonly #named: Named;
  readonly #keys = new Map<Pointer, string>();
  readonly #found = new Map<string, ViewMessage>();

  constructor(contract: Contract, schemas: Schemas, named: Named) {
    this.#contract = contract;
    this.#schemas = schemas;
    this.#named = named;
  }

  /** The key of a message, which from now on is one of the view's. */
  keyOf(message: MessageSpec): string {
    const known = this.#keys.get(message.at);
    if (known !== undefined) return known;
    const plain = this.#named.messages.find(({ pointer }) => pointer === message.at);
    const name = plain?.typeName ?? typeNameOf(message.key);
    // Two messages that are called like the schema that they share have one type.
    const key = this.#found.has(name) ? (plain?.constName ?? name) : name;
    this.#keys.set(message.at, key);
    this.#found.set(key, this.#build(key, message));
    return key;
  }

  /** Sorted by key. */
  get all(): readonly ViewMessage[] {
    return [...this.#found.values()].toSorted((a, b) => compareText(a.key, b.key));
  }

  #build(key: string, message: MessageSpec): ViewMessage {
    const { payload, headers, version, description, summary } = message;
    return {
      key,
      name: message.name ?? (key === message.key ? undefined : message.key),
      title: message.title,
      summary: summary === description ? undefined : summary,
      description,
      deprecated: message.deprecated,
      contentType: message.contentType,
      payload: payload && this.#schemas.of(payload),
      headers: headers && this.#schemas.of(headers),
      sensitive: this.#sensitive(message),
      examples: message.examples.map(exampleOf),
      version: version && { number: version.number.value, state: version.state, sunset: version.sunset?.value },
      status: message.status?.value,
    };
  }

  /** The mark is one of ours. What is wrong with it was said where the type was made. */
  #sensitive({ payload }: MessageSpec): readonly Pointer[] {
    if (!this.#contract.ours || payload === undefined) return [];
    return sensitivePointers(payload, new Report(this.#contract.source));
  }
}

function exampleOf({ name, headers, payload }: ExampleSpec): ViewMessage["examples"][number] {
  return {
    ...(name === undefined ? {} : { name }),
    ...(headers === undefined ? {} : { headers: sorted(headers.value) }),
    ...(payload === undefined ? {} : { payload: sorted(payload.value) }),
  };
}

/** Data with the members of its objects by name: the document's order of them does not show. */
function sorted(value: unknown): unknown {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const members = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
  return Object.fromEntries(members.map(([name, member]) => [name, sorted(member)]));
}
