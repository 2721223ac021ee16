/**
 * Decides every name that generated code, files and the broker know: once, here, and nowhere else. A name that
 * cannot be used, or that two things would share, is reported; none is changed in silence.
 */
import { fill, REPLAYS } from "../spec/address.ts";
import type { Pointer } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { isReservedType, isReservedValue } from "./reserved.ts";

/** Longer names end in file names and durables that no file system or broker takes. */
const MAX_LENGTH = 100;

/** Where a name must be the only one of its kind. Files are told apart as file systems that fold case do. */
export type Space =
  | "type"
  | "value"
  | "directory in events/"
  | "file in schemas/"
  | "file in services/"
  | "file in http/"
  | "durable";

/** `OrderCreatedV1` of `orderCreatedV1`: types begin with a capital. */
export function typeNameOf(key: string): string {
  return key.charAt(0).toUpperCase() + key.slice(1);
}

/** `orderCreatedV1` of `OrderCreatedV1`: values do not. */
export function constNameOf(key: string): string {
  return key.charAt(0).toLowerCase() + key.slice(1);
}

/** `order-created` of `orderCreated`: a file or directory, without extension. */
export function fileNameOf(key: string): string {
  return words(key).join("-");
}

/** `orders.created` of `orders.created.{version}`. */
export function eventNameOf(address: string): string {
  return address.replace(/\.\{version\}$/, "");
}

/** `orders.created.v1`: the subject that one version is published on, and its `ce-type`. */
export function subjectOf(address: string, version: number): string {
  return fill(address, { version: `v${version}` });
}

/** `inventory-orderCreated-v1`: one durable for each service, event and major version. */
export function durableOf(service: string, channel: string, version: number): string {
  return `${service}-${channel}-v${version}`;
}

/** `dead.inventory.orderCreated.v1`: where what a durable's handler gave up goes. */
export function deadLetterSubjectOf(address: string, service: string, channel: string, version: number): string {
  return fill(address, { service, event: channel, version: `v${version}` });
}

/** `replay.inventory-orderCreated-v1`: where dead letters of one durable are published again, for it alone. */
export function replaySubjectOf(durable: string): string {
  return `${REPLAYS}.${durable}`;
}

/** `OrderHandlers`: the interface that a service implements. */
export function handlersTypeOf(service: string): string {
  return `${typeNameOf(service)}Handlers`;
}

/** `OrderPublishes`: the interface that a service's handlers publish through. */
export function publishesTypeOf(service: string): string {
  return `${typeNameOf(service)}Publishes`;
}

/** `OrderEvolutions`: the hand-written parts of the mappings that a service runs. */
export function evolutionsTypeOf(service: string): string {
  return `${typeNameOf(service)}Evolutions`;
}

/** `PlaceOrderHeaders`: the headers of a request. */
export function headersTypeOf(message: string): string {
  return `${typeNameOf(message)}Headers`;
}

/** Checks names as they are taken, and remembers them. */
export class Names {
  readonly #report: Report;
  readonly #taken = new Map<Space, Map<string, { readonly at: Pointer; readonly what: string }>>();

  constructor(report: Report) {
    this.#report = report;
  }

  /** Checks a key that is written in capitals-first style, such as the one of a message or schema. */
  checkTypeKey(key: string, at: Pointer, what: string): void {
    if (!/^[A-Z][A-Za-z0-9_]*$/.test(key)) this.#invalid(key, at, what, words(key).map(typeNameOf).join(""));
    else if (isReservedType(key)) this.#reserved(key, at, what);
    else this.#checkLength(key, at, what);
  }

  /** Checks a key that is written in lower-case-first style, such as the one of a channel or service. */
  checkValueKey(key: string, at: Pointer, what: string): void {
    if (!/^[a-z][A-Za-z0-9_]*$/.test(key)) {
      this.#invalid(key, at, what, constNameOf(words(key).map(typeNameOf).join("")));
    } else if (isReservedValue(key)) this.#reserved(key, at, what);
    else this.#checkLength(key, at, what);
  }

  /** Takes a name for one thing; reports when another thing has it. The same thing may take it again. */
  take(space: Space, name: string, at: Pointer, what: string): void {
    const taken = this.#taken.get(space) ?? new Map<string, { at: Pointer; what: string }>();
    this.#taken.set(space, taken);
    const folded = space === "type" || space === "value" ? name : name.toLowerCase();
    const first = taken.get(folded);
    if (first === undefined) taken.set(folded, { at, what });
    else if (first.at !== at) {
      const message = `${what} and ${first.what} (#${first.at}) would share the ${space} ${name}`;
      this.#report.error("NAME_COLLISION", { at, side: "name" }, message, "Rename one of the two.");
    }
  }

  #invalid(key: string, at: Pointer, what: string, instead: string): void {
    const hint = /^[A-Za-z][A-Za-z0-9_]*$/.test(instead)
      ? `Call it ${instead}.`
      : "Use letters and digits, a letter first.";
    this.#report.error("NAME_INVALID", { at, side: "name" }, `"${key}" cannot be the name of ${what}`, hint);
  }

  #reserved(key: string, at: Pointer, what: string): void {
    this.#report.error(
      "NAME_RESERVED",
      { at, side: "name" },
      `${key} means something else in generated code, so ${what} cannot be called so`,
      "Choose another name.",
    );
  }

  #checkLength(key: string, at: Pointer, what: string): void {
    if (key.length <= MAX_LENGTH) return;
    this.#report.error(
      "NAME_INVALID",
      { at, side: "name" },
      `the name of ${what} is longer than ${MAX_LENGTH} characters`,
      "Choose a shorter one.",
    );
  }
}

/** The words of a name in lower case: `HTTPDoorV2`, `http_door-v2` and `httpDoorV2` are the same words. */
function words(name: string): string[] {
  return name
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== "")
    .map((word) => word.toLowerCase());
}
