/** Settings that a service declares and the environment gives: one variable each, parsed and checked. */
import { closeSync, openSync } from "node:fs";
import { wordsOf } from "../words-of.ts";

/** What a reader of `--help` is told of a setting. */
export interface SettingNotes<T> {
  /** One sentence: what it decides. */
  readonly description: string;
  /** Taken when the variable is not set or empty; without one the variable is required. */
  readonly default?: T;
}

/** One declared setting. Made by the functions below, so that its type follows from them. */
export interface Setting<T> extends SettingNotes<T> {
  /** What the value counts in, for example `ms`; for `--help`. */
  readonly unit: string;
  /** True when the value must not be shown. */
  readonly secret: boolean;
  /** The value that a text stands for, or what is wrong with the text. */
  readonly parse: (text: string) => Parsed<T>;
}

/** A parsed text: a value, or the reason why it is none, which completes the sentence "NAME ...". */
export type Parsed<T> = { readonly value: T } | { readonly fault: string };

/** Declared settings by the names of their variables. */
export type SettingDeclarations = Readonly<Record<string, Setting<unknown>>>;

/** The values of declared settings, by the names of their variables. */
export type SettingValues<Declared extends SettingDeclarations> = {
  readonly [Name in keyof Declared]: Declared[Name] extends Setting<infer T> ? T : never;
};

/** The same setting, which may also be left unset. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, default: undefined };
}

/** Any text that is not empty. */
export function text(notes: SettingNotes<string>): Setting<string> {
  return { unit: "", secret: false, ...notes, parse: (value) => ({ value }) };
}

/** A text that no log, message or help shows. */
export function secret(notes: SettingNotes<string>): Setting<string> {
  return { ...text(notes), secret: true };
}

/** A whole number between `min` and `max`, both included. */
export function integer(
  notes: SettingNotes<number> & { readonly min: number; readonly max: number; readonly unit?: string },
): Setting<number> {
  const { min, max, unit = "", ...rest } = notes;
  return {
    unit,
    secret: false,
    ...rest,
    parse: (value) => {
      const number = /^[+-]?\d+$/.test(value) ? Number(value) : Number.NaN;
      const fits = number >= min && number <= max;
      return fits ? { value: number } : { fault: `must be a whole number from ${min} to ${max}` };
    },
  };
}

/** A duration in milliseconds. */
export function milliseconds(
  notes: SettingNotes<number> & { readonly min: number; readonly max: number },
): Setting<number> {
  return integer({ ...notes, unit: "ms" });
}

/** One of a closed list of words. */
export function choice<const Word extends string>(
  notes: SettingNotes<NoInfer<Word>> & { readonly of: readonly Word[] },
): Setting<Word> {
  const { of: words, ...rest } = notes;
  return {
    unit: words.join(" | "),
    secret: false,
    ...rest,
    parse: (value) => {
      const word = words.find((known) => known === value);
      return word === undefined ? { fault: `must be one of ${words.join(", ")}` } : { value: word };
    },
  };
}

/** `true` or `false`. */
export function flag(notes: SettingNotes<boolean>): Setting<boolean> {
  const parse = (value: string): Parsed<boolean> =>
    value === "true" || value === "false" ? { value: value === "true" } : { fault: "must be true or false" };
  return { unit: "true | false", secret: false, ...notes, parse };
}

/** A URL with one of the given protocols, for example `https:`. A bad one is not shown: it may carry a password. */
export function url(notes: SettingNotes<string> & { readonly protocols: readonly string[] }): Setting<string> {
  const { protocols, ...rest } = notes;
  return {
    unit: "URL",
    secret: true,
    ...rest,
    parse: (value) =>
      isUrl(value, protocols) ? { value } : { fault: `must be a URL that starts with ${schemesOf(protocols)}` },
  };
}

/** The path of a file that can be appended to; it is made when it is not there, its directory is not. */
export function appendableFile(notes: SettingNotes<string>): Setting<string> {
  return {
    unit: "path",
    secret: false,
    ...notes,
    parse: (value) => {
      try {
        // Opening is the only test that tells the truth about permissions, directories and full disks.
        closeSync(openSync(value, "a"));
        return { value };
      } catch (error) {
        return { fault: `cannot be written: ${wordsOf(error)}` };
      }
    },
  };
}

function isUrl(value: string, protocols: readonly string[]): boolean {
  // PostgreSQL takes a URL without a host, which means a socket; the WHATWG form does not.
  const parsed = URL.parse(value.replace("@/", "@localhost/"));
  return parsed !== null && protocols.includes(parsed.protocol) && value.startsWith(`${parsed.protocol}//`);
}

function schemesOf(protocols: readonly string[]): string {
  return protocols.map((protocol) => `${protocol}//`).join(" or ");
}
