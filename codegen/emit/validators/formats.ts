/**
 * The formats that validators check, as code that needs nothing else. Those that ajv-formats states as a regular
 * expression are taken as they are; those that it computes are written again here, with the same verdicts.
 */
import type { Format } from "ajv";
import { fullFormats } from "ajv-formats/dist/formats.js";
import { regularExpression } from "../print/literal.ts";
import type { Helper } from "./helpers.ts";
import { uriExpression } from "./uri.ts";

/** A format as Ajv compiles calls to it, and as the shared module defines it. */
interface CheckedFormat {
  /** Only its kind matters: an expression that tests, a function of strings, or a check of numbers. */
  readonly format: Format;
  readonly helper: Helper;
}

const expression: Format = /(?:)/;
const ofStrings: Format = () => true;
const ofNumbers: Format = { type: "number", validate: () => true };

const computed: ReadonlyMap<string, CheckedFormat> = new Map([
  define("date", ofStrings, {
    text: `export function date(text) {
  const [, year, month, day] = /^(\\d{4})-(\\d\\d)-(\\d\\d)$/.exec(text) ?? [];
  if (day === undefined) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day >= 1 && day <= [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1];
}`,
  }),
  define("time", ofStrings, {
    text: `export function time(text, zoned = true) {
  const match = /^(\\d\\d):(\\d\\d):(\\d\\d(?:\\.\\d+)?)(?:z|([+-])(\\d\\d)(?::?(\\d\\d))?)?$/i.exec(text);
  if (match === null || (zoned && !/[z+-]/i.test(text))) return false;
  const [, hours, minutes, seconds, sign, zoneHours = 0, zoneMinutes = 0] = match;
  if (zoneHours > 23 || zoneMinutes > 59) return false;
  if (hours <= 23 && minutes <= 59 && seconds < 60) return true;
  // A leap second ends a day of UTC.
  const direction = sign === "-" ? -1 : 1;
  const minute = minutes - direction * zoneMinutes;
  const hour = hours - direction * zoneHours - (minute < 0 ? 1 : 0);
  return (hour === 23 || hour === -1) && (minute === 59 || minute === -1) && seconds < 61;
}`,
  }),
  define("iso-time", ofStrings, { text: `export const isoTime = (text) => time(text, false);`, needs: ["time"] }),
  define("date-time", ofStrings, {
    text: `export function dateTime(text, zoned = true) {
  const [day, clock, ...more] = text.split(/t|\\s/i);
  return more.length === 0 && clock !== undefined && date(day) && time(clock, zoned);
}`,
    needs: ["date", "time"],
  }),
  define("iso-date-time", ofStrings, {
    text: `export const isoDateTime = (text) => dateTime(text, false);`,
    needs: ["dateTime"],
  }),
  define("uri", expression, { text: `export const uri = ${regularExpression(uriExpression)};` }),
  define("byte", expression, {
    text: `export const byte = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/m;`,
  }),
  define("regex", ofStrings, {
    text: `export function regex(text) {
  try {
    return new RegExp(text) !== undefined && !/[^\\\\]\\\\Z/.test(text);
  } catch {
    return false;
  }
}`,
  }),
  define("int32", ofNumbers, {
    text: `export const int32 = { validate: (value) => Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 31 };`,
  }),
  define("int64", ofNumbers, { text: `export const int64 = { validate: (value) => Number.isInteger(value) };` }),
]);

const stated: ReadonlyMap<string, CheckedFormat> = new Map(
  Object.entries<Format>(fullFormats).flatMap(([name, format]) => {
    if (!(format instanceof RegExp)) return [];
    return [define(name, format, { text: `export const ${exportName(name)} = ${regularExpression(format)};` })];
  }),
);

/** By format name. A format that is not here is a note for people, and asserts nothing. */
export const checkedFormats: ReadonlyMap<string, CheckedFormat> = new Map([...stated, ...computed]);

function define(
  name: string,
  format: Format,
  { text, needs = [] }: Pick<Helper, "text"> & Partial<Helper>,
): [string, CheckedFormat] {
  return [name, { format, helper: { name: exportName(name), text, needs } }];
}

function exportName(format: string): string {
  return format.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
