/** Who of a service's processes may try a dependency that is down, and what the others found out. */
import type { Queryable } from "./database.ts";

/** What is known of a dependency. Milliseconds since the epoch, by the service's clock. */
export interface Lease {
  readonly name: string;
  readonly openUntil: number;
  readonly reason: string;
  /** False once a try has succeeded. */
  readonly open: boolean;
  /** Who is trying; undefined when nobody is, or when whoever was counts as dead. */
  readonly holder: string | undefined;
  /** How much longer the holder has, milliseconds. */
  readonly expiresInMs: number;
}

interface LeaseRow {
  readonly name: string;
  readonly open_until: string;
  readonly reason: string;
  readonly open: boolean;
  readonly holder: string | null;
  readonly expires_in: number | null;
}

/** A dependency is down. Answers until when: the time that another process has said before stands. */
export async function openLease(
  database: Queryable,
  lease: { readonly name: string; readonly now: number; readonly until: number; readonly reason: string },
): Promise<number> {
  const { rows } = await database.query<{ open_until: string }>(
    `insert into tandem_leases as known (name, opened_at, open_until, reason) values ($1, $2, $3, $4)
     on conflict (name) do update set
       opened_at  = case when known.closed_at is null then known.opened_at else excluded.opened_at end,
       open_until = case when known.closed_at is null and known.open_until > $2 then known.open_until
                         else excluded.open_until end,
       holder     = case when known.closed_at is null then known.holder end,
       reason     = excluded.reason,
       closed_at  = null
     returning open_until`,
    [lease.name, lease.now, lease.until, lease.reason],
  );
  return Number(rows[0]?.open_until ?? lease.until);
}

/** Takes the lease for a try, if the time has come and no living process holds it. */
export async function takeLease(
  database: Queryable,
  lease: { readonly name: string; readonly holder: string; readonly now: number; readonly forMs: number },
): Promise<boolean> {
  const { rowCount } = await database.query(
    `update tandem_leases set holder = $2, expires_at = clock_timestamp() + make_interval(secs => $4)
      where name = $1 and closed_at is null and open_until <= $3
        and (holder is null or expires_at <= clock_timestamp())`,
    [lease.name, lease.holder, lease.now, lease.forMs / 1000],
  );
  return rowCount === 1;
}

/** The try failed: nobody tries before `until`. Nothing happens when the lease has gone to another. */
export async function failLease(
  database: Queryable,
  lease: { readonly name: string; readonly holder: string; readonly until: number; readonly reason: string },
): Promise<void> {
  await database.query(
    `update tandem_leases set open_until = greatest(open_until, $3), reason = $4, holder = null
      where name = $1 and holder = $2`,
    [lease.name, lease.holder, lease.until, lease.reason],
  );
}

/** The try succeeded: nobody need try. Nothing happens when the lease has gone to another. */
export async function closeLease(
  database: Queryable,
  lease: { readonly name: string; readonly holder: string; readonly now: number },
): Promise<void> {
  await database.query("update tandem_leases set closed_at = $3, holder = null where name = $1 and holder = $2", [
    lease.name,
    lease.holder,
    lease.now,
  ]);
}

/** What is known of these dependencies; of one that was never down, nothing. */
export async function readLeases(database: Queryable, names: readonly string[]): Promise<readonly Lease[]> {
  const { rows } = await database.query<LeaseRow>(
    `select name, open_until, reason, closed_at is null as open,
            case when expires_at > clock_timestamp() then holder end as holder,
            extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as expires_in
       from tandem_leases where name = any($1)`,
    [names],
  );
  return rows.map(({ name, open_until, reason, open, holder, expires_in }) => ({
    name,
    openUntil: Number(open_until),
    reason,
    open,
    holder: holder ?? undefined,
    expiresInMs: holder === null ? 0 : Math.max(0, expires_in ?? 0),
  }));
}
