import { expect, inject, it } from "vitest";
import { reasonOf } from "./lab-error.ts";
import { createDatabase, queryOnce } from "./postgres-database.ts";

const { databaseUrl } = inject("servers");
const exists = async (name: string) =>
  (await queryOnce(databaseUrl, "SELECT datname FROM pg_database")).some(({ datname }) => datname === name);

it("creates databases that know nothing of each other, whatever their names", async () => {
  await using one = await createDatabase(databaseUrl);
  await using other = await createDatabase(databaseUrl, `odd "name" ÄÖ ${one.name}`);
  await queryOnce(one.url, "CREATE TABLE mine ()");
  expect(await queryOnce(other.url, "SELECT current_database() AS name, to_regclass('mine') AS table")).toEqual([
    { name: other.name, table: null },
  ]);
});

it("drops a database that is in use, once", async () => {
  const database = await createDatabase(databaseUrl);
  const sleeping = queryOnce(database.url, "SELECT pg_sleep(60)").catch(reasonOf);
  const sleepers = `SELECT FROM pg_stat_activity WHERE datname = '${database.name}' AND query LIKE '%pg_sleep%'`;
  await expect.poll(() => queryOnce(databaseUrl, sleepers)).toHaveLength(1);
  expect(await exists(database.name)).toBe(true);
  await Promise.all([database.drop(), database.drop()]);
  expect(await sleeping).toMatch(/terminat/);
  expect(await exists(database.name)).toBe(false);
});
