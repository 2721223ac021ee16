/** The table of what a service's processes know of the dependencies that are down. */

/**
 * One row for each dependency that was ever down. Times that a service lives by are milliseconds of its clock, so
 * that a test can move them and the broker's pauses agree with them. When a holder counts as dead is the
 * database's time: one clock for all, so that two processes never both believe that they hold the lease.
 */
export const LEASES = `
create table if not exists tandem_leases (
  name       text   primary key,
  opened_at  bigint not null,
  -- Nobody tries before.
  open_until bigint not null,
  reason     text   not null,
  -- Null while it is down.
  closed_at  bigint,
  -- Who is trying, and from when on it counts as dead.
  holder     text,
  expires_at timestamptz
);
`;
