/** Checks every `default` of a contract against the schema that it stands in. */
import { own } from "../spec/json.ts";
import { type Node, nodeAt } from "../spec/node.ts";
import { under } from "../spec/pointer.ts";
import type { Report } from "../spec/report.ts";
import type { Source } from "../spec/source.ts";
import { visits } from "../spec/walk.ts";
import { valueCompiler } from "./values.ts";

/** Reports the defaults that their own schemas refuse: a reader that filled them in would make an invalid event. */
export async function checkDefaults({ data }: Source, report: Report): Promise<void> {
  const schemas = visits(data).flatMap(({ kind, at, value }): readonly Node[] => {
    if (kind !== "schema" || own(value, "default") === undefined || own(value, "$ref") !== undefined) return [];
    const schema = nodeAt(data, at);
    return schema === undefined ? [] : [schema];
  });
  if (schemas.length === 0) return;
  const compile = await valueCompiler(schemas, report);
  for (const schema of schemas) {
    const validate = compile(schema);
    const chosen = own(schema.value, "default");
    if (validate(chosen)) continue;
    const [error] = validate.errors ?? [];
    report.fault(
      "DEFAULT_INVALID",
      under(schema.at, "default"),
      `the default ${JSON.stringify(chosen)} is refused by its own schema: ${error?.instancePath || "it"} ${error?.message ?? "is invalid"}`,
      "Give a default that the schema accepts, or none.",
    );
  }
}
