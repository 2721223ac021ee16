/** Checks every `default` of a contract against the schema that it stands in. */
import { isObject, type JsonObject, own } from "../spec/json.ts";
import { under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import type { Source } from "../spec/source.ts";
import { visits } from "../spec/walk.ts";

/** The name under which Ajv knows the whole document, for the references in it. */
const DOCUMENT = "contract:document";

/** Reports the defaults that their own schemas refuse: a reader that filled them in would make an invalid event. */
export async function checkDefaults({ data }: Source, report: Report): Promise<void> {
  const schemas = visits(data).filter(({ kind, value }) => kind === "schema" && own(value, "default") !== undefined);
  if (schemas.length === 0) return;
  const [{ Ajv }, { default: formats }, { readDecimals }] = await Promise.all([
    import("ajv"),
    import("ajv-formats"),
    import("../emit/validators/multiple-of.ts"),
  ]);
  const ajv = readDecimals(new Ajv({ strict: false, validateSchema: false, logger: false }));
  formats.default(ajv);
  ajv.addSchema({ ...(isObject(data) ? data : {}), $id: DOCUMENT });
  for (const { at, value } of schemas) {
    const validate = ajv.compile(relocated(value));
    const chosen = own(value, "default");
    if (validate(chosen)) continue;
    const [error] = validate.errors ?? [];
    report.error(
      "DEFAULT_INVALID",
      under(at, "default"),
      `the default ${JSON.stringify(chosen)} is refused by its own schema: ${error?.instancePath || "it"} ${error?.message ?? "is invalid"}`,
      "Give a default that the schema accepts, or none.",
    );
  }
}

/** The schema with its references leading into the document that Ajv knows. */
function relocated(value: unknown): JsonObject {
  const copy: unknown = JSON.parse(
    JSON.stringify(value, (key, member: unknown) =>
      key === "$ref" && typeof member === "string" ? member.replace(/^#/, `${DOCUMENT}#`) : member,
    ),
  );
  return isObject(copy) ? copy : {};
}
