/** What a schema holds: a service may be of another release than who reads its tables. */
import type { Queryable } from "./database.ts";

/** Whether a table or a view is there. */
export async function hasRelation(database: Queryable, name: string): Promise<boolean> {
  const { rows } = await database.query<{ there: boolean }>("select to_regclass($1) is not null as there", [name]);
  return rows[0]?.there === true;
}
