import { existsSync } from "node:fs";
import { expect, it } from "vitest";
import { reasonOf } from "./lab-error.ts";
import { startPostgres } from "./postgres.ts";
import { queryOnce } from "./postgres-database.ts";

const BUSY = "SELECT FROM pg_stat_activity WHERE query LIKE '%generate_series(1,%' AND pid <> pg_backend_pid()";

it("keeps what was committed and its URL when it is killed, and when it is restarted", async () => {
  await using server = await startPostgres({ fsync: false });
  const { url, pid } = server;
  const database = await server.createDatabase("kept");
  await queryOnce(database.url, "CREATE TABLE kept AS SELECT 'ÄÖ' AS text");
  const busy = queryOnce(url, "SELECT count(*) FROM generate_series(1, 1e10::bigint)").catch(reasonOf);
  await expect.poll(() => queryOnce(url, BUSY)).toHaveLength(1);
  await server.kill();
  expect(await busy).toMatch(/terminated|ECONNRESET/);
  await expect(queryOnce(url, "SELECT 1")).rejects.toThrow("ECONNREFUSED");
  await server.restart();
  expect(server.url).toBe(url);
  expect(server.pid).not.toBe(pid);
  expect(await queryOnce(database.url, "SELECT lower(text) AS text FROM kept")).toEqual([{ text: "äö" }]);
  await server.restart();
  expect(await queryOnce(database.url, "SELECT count(*)::int AS rows FROM kept")).toEqual([{ rows: 1 }]);
});

it("waits for the disk unless it is told not to, and removes its directory at the end, once", async () => {
  const server = await startPostgres();
  expect(await queryOnce(server.url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
  expect(await queryOnce(server.url, "SHOW synchronous_commit")).toEqual([{ synchronous_commit: "on" }]);
  expect(await queryOnce(server.url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  expect(existsSync(server.directory)).toBe(true);
  await Promise.all([server.stop(), server.stop()]);
  expect(existsSync(server.directory)).toBe(false);
  await expect(server.restart()).rejects.toThrow("stopped for good");
});
