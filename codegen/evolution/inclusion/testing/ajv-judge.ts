import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { default as addFormats } from "ajv-formats";

/** Whether a value is valid under a schema. */
export type Judge = (value: unknown) => boolean;

const OPTIONS = { strict: false, logger: false, validateSchema: false } as const;

/** Ajv's judgement of a schema, as the runtime would make it; undefined for a schema that Ajv refuses to compile. */
export function judge(schema: unknown): Judge | undefined {
  const isModern = JSON.stringify([schema]).includes("draft/2020-12");
  const ajv = isModern ? new Ajv2020(OPTIONS) : new Ajv(OPTIONS);
  addFormats.default(ajv);
  try {
    const validate = ajv.compile(typeof schema === "boolean" ? schema : Object(schema));
    return (value) => validate(value);
  } catch {
    return undefined;
  }
}
