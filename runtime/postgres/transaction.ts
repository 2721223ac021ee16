/** One database transaction around a piece of work. */
import type { Pool, PoolClient } from "pg";
import { TandemError } from "../errors.ts";
import { oneLine } from "../events/one-line.ts";
import type { Transaction } from "../handler.ts";
import { checkOut, databaseDown } from "./database.ts";

/**
 * Runs the work in a transaction: committed when it resolves, rolled back when it rejects.
 *
 * A connection that breaks on the way makes it `DATABASE_DOWN`, whatever the work made of it. If it broke
 * during the commit nobody knows the outcome; who runs the work again must be able to tell, as the inbox
 * does.
 *
 * @throws what the work throws; `VALUE_REFUSED` for a value that the database cannot hold; `DATABASE_DOWN`; `TRANSACTION_ABORTED` when the work swallowed the
 *   failure of a statement, after which PostgreSQL keeps nothing
 */
export async function inTransaction<R>(pool: Pool, work: (tx: Transaction) => Promise<R>): Promise<R> {
  const client = await checkOut(pool);
  const scope = scopeOf(client);
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on("error", onError);
  try {
    // Whatever the server's default is: the inbox and the relay have to see what was committed while they waited.
    await client.query("begin isolation level read committed");
    const result = await work(scope.tx);
    const { command } = await client.query("commit");
    if (command !== "COMMIT") throw aborted();
    return result;
  } catch (error) {
    broken ??= await rollBack(client);
    if (broken !== undefined) throw databaseDown(error);
    throw isValueRefused(error) ? valueRefused(error) : error;
  } finally {
    scope.close();
    client.removeListener("error", onError);
    client.release(broken);
  }
}

/** Rolls back, and answers why that was not possible. */
async function rollBack(client: PoolClient): Promise<Error | undefined> {
  try {
    await client.query("rollback");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** The client as work sees it: unusable once the transaction is over, when it serves somebody else. */
function scopeOf(client: PoolClient): { readonly tx: Transaction; close(): void } {
  let open = true;
  const tx = new Proxy<Transaction>(client, {
    get: (_, property) => {
      if (!open)
        throw new TandemError(
          "RUN_OVER",
          "The transaction was used after it had ended: await everything inside the run.",
        );
      return property === "query" ? client.query.bind(client) : undefined;
    },
  });
  return {
    tx,
    close: () => {
      open = false;
    },
  };
}

/**
 * SQLSTATEs that are about a value alone, whatever the tables hold: a text that is too long or no number, date
 * or UUID (22001, 22007, 22P02), a number, date or zone out of range (22003, 22008, 22009), a character that no
 * text can have (22021, 22P05).
 */
const VALUE_REFUSED = new Set(["22001", "22003", "22007", "22008", "22009", "22021", "22P02", "22P05"]);

function isValueRefused(error: unknown): error is Error {
  return error instanceof Error && "code" in error && VALUE_REFUSED.has(String(error.code));
}

function valueRefused(cause: Error): TandemError {
  return new TandemError("VALUE_REFUSED", `PostgreSQL refused a value: ${oneLine(cause.message, 200)}.`, { cause });
}

function aborted(): TandemError {
  return new TandemError(
    "TRANSACTION_ABORTED",
    "A statement failed inside the transaction and its error was not passed on. PostgreSQL rolled everything back; " +
      "let the error through, or run the statement under a savepoint.",
  );
}
