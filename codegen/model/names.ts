/**
 * Decides every name that generated code, files and the broker know: once, here, and nowhere else. A name that
 * cannot be used, or that two things would share, is reported; none is changed in silence.
 */
import { fill, REPLAYS } from "../spec/address.ts";
import { type Pointer, shownPlace } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import { isReservedType, isReservedValue } from "./reserved.ts";
import { asciiOf, words } from "./words.ts";

/** Longer names end in file names and durables that no file system or broker takes. */
const MAX_LENGTH = 100;

/** Leaves room for what is put behind a name. */
const LONGEST_MADE = 80;

/** Where a name must be the only one of its kind. Files are told apart as file systems that fold case do. */
export type Space =
  | "type"
  | "value"
  | "value in messages/"
  | "value in channels/"
  | `value in operations/${string}`
  | "directory in events/"
  | "file in schemas/"
  | "file in services/"
  | "file in http/"
  | "file in messages/"
  | "file in channels/"
  | "file in operations/"
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

/** How names come about. */
export interface NameOptions {
  /**
   * Whether a key is a name as it stands, which its author is asked to mend where it cannot be one. In a document that
   * was not written for us a key is any text, and a name is made of it.
   */
  readonly verbatim?: boolean;
}

/** `OrderReceives`: what a service does with what it receives on channels that are no events. */
export function receivesTypeOf(service: string): string {
  return `${typeNameOf(service)}Receives`;
}

/** `OrderSends`: what a service sends on such channels. */
export function sendsTypeOf(service: string): string {
  return `${typeNameOf(service)}Sends`;
}

/** `streetlightsApi` of `Streetlights API`: the service of a document that names none. */
export function serviceNameFrom(title: string): string {
  const name = constNameOf(words(asciiOf(title)).map(typeNameOf).join("")).slice(0, LONGEST_MADE);
  return /^[a-z]/.test(name) && !isReservedValue(name) ? name : `service${typeNameOf(name)}`;
}

/** `ORDERS` of `orders.created`: the stream of a document that declares none; empty where a parameter stands first. */
export function streamNameFrom(subject: string): string {
  const [token = ""] = subject.split(".");
  return token.includes("{") ? "" : token.toUpperCase();
}

/** The version that an address says, 2 of `orders.created.v2`; undefined when it says none. */
export function versionOfAddress(address: string): number | undefined {
  const digits = /[./]v([1-9]\d{0,5})$/.exec(address)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Checks names as they are taken, and remembers them. */
export class Names {
  readonly #report: Report;
  readonly #verbatim: boolean;
  readonly #taken = new Map<Space, Map<string, { readonly at: Pointer; readonly what: string }>>();

  constructor(report: Report, { verbatim = true }: NameOptions = {}) {
    this.#report = report;
    this.#verbatim = verbatim;
  }

  /**
   * The type that a key is called by, the only one of that name.
   * @param keys The key, then what may stand for it where its name is another's already.
   */
  typeName(keys: readonly [string, ...string[]], at: Pointer, what: string, kind: string): string {
    if (this.#verbatim) {
      this.checkTypeKey(keys[0], at, kind);
      this.take("type", typeNameOf(keys[0]), at, what);
      return typeNameOf(keys[0]);
    }
    return this.#choose("type", namesFrom(keys, kind), isReservedType, at, what);
  }

  /** The type that a key would be called by, if nothing else were. */
  typeNameFrom(key: string): string {
    return this.#verbatim ? typeNameOf(key) : typeNameFrom(key);
  }

  /** The constant that a key is called by. */
  valueName(space: Space, keys: readonly [string, ...string[]], at: Pointer, what: string, kind: string): string {
    if (this.#verbatim) {
      this.checkValueKey(keys[0], at, kind);
      this.take(space, keys[0], at, what);
      return keys[0];
    }
    return this.#choose(space, namesFrom(keys, kind).map(valueNameFrom), isReservedValue, at, what);
  }

  /** The file of a name: file systems that fold case tell fewer names apart than code does. */
  fileName(space: Space, name: string, at: Pointer, what: string): string {
    const file = fileNameOf(name);
    if (this.#verbatim) {
      this.take(space, file, at, what);
      return file;
    }
    for (let number = 1; ; number++) {
      const numbered = number === 1 ? file : `${file}-${number}`;
      if (this.#find(space, numbered) !== undefined) continue;
      this.take(space, numbered, at, what);
      return numbered;
    }
  }

  /** The first name that is free. That it is not the first of all is said, for whoever looks for that one. */
  #choose(
    space: Space,
    names: readonly string[],
    isReserved: (name: string) => boolean,
    at: Pointer,
    what: string,
  ): string {
    const usable = names.filter((name) => !isReserved(name));
    const wanted = usable[0] ?? `${names[0]}_`;
    const holder = this.#find(space, wanted);
    let name = [wanted, ...usable].find((candidate) => this.#find(space, candidate) === undefined);
    for (let number = 2; name === undefined; number++) {
      if (this.#find(space, `${wanted}${number}`) === undefined) name = `${wanted}${number}`;
    }
    this.take(space, name, at, what);
    if (holder !== undefined) {
      const message = `${what} is called ${name} in code, because ${wanted} is ${holder.what} (${shownPlace(holder.at)})`;
      this.#report.fault("NAME_COLLISION", { at, side: "name" }, message, "Rename one of the two to choose the name.");
    }
    return name;
  }

  #find(space: Space, name: string): { readonly at: Pointer; readonly what: string } | undefined {
    return this.#taken.get(space)?.get(folded(space, name));
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
    const key = folded(space, name);
    const first = taken.get(key);
    if (first === undefined) taken.set(key, { at, what });
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

/** Files are told apart as file systems do that fold case. */
function folded(space: Space, name: string): string {
  return space === "type" || space.startsWith("value") ? name : name.toLowerCase();
}

/** The names of some keys for a thing of a kind; of a key that holds no letter or digit that we can use, `UnnamedMessage`. */
function namesFrom(keys: readonly [string, ...string[]], kind: string): string[] {
  const names = keys.map(typeNameFrom).filter((name) => name !== "");
  return typeNameFrom(keys[0]) === "" ? [typeNameFrom(`unnamed ${kind.split(" ").at(-1)}`)] : names;
}

/** A type's name from any text, `UserSignedUp` of `user/signed-up`; empty where it holds no letter or digit of ASCII. */
function typeNameFrom(text: string): string {
  const plain = asciiOf(text);
  const name = /^[A-Za-z][A-Za-z0-9]*$/.test(plain) ? typeNameOf(plain) : words(plain).map(typeNameOf).join("");
  return (/^[0-9]/.test(name) ? `N${name}` : name).slice(0, LONGEST_MADE);
}

/** A value's name from a type's, `orderCreated` of `OrderCreated` and `gpsFix` of `GPSFix`: the first word is in lower case. */
function valueNameFrom(name: string): string {
  return name.replace(/^(?:[A-Z]+(?![a-z])|[A-Z])/, (first) => first.toLowerCase());
}
