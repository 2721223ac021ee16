/** What waits to be published. */

/**
 * Written in the transaction that it tells of, and moved to `tandem_published` when the stream has it: the table is the
 * queue, and stays as small as what waits.
 *
 * Deliberately absent: a trigger or NOTIFY (it serialises commits) and any cursor over `id` (ids are not in the order
 * of commits).
 *
 * A table of a release that kept the published rows in it is copied.
 */
export const OUTBOX = `
do $$
begin
  if exists (select from pg_attribute
              where attrelid = to_regclass('tandem_outbox') and attname = 'published_at' and not attisdropped) then
    alter table tandem_outbox rename to tandem_outbox_plain;
    alter table tandem_outbox_plain rename constraint tandem_outbox_pkey to tandem_outbox_plain_pkey;
    alter sequence tandem_outbox_id_seq rename to tandem_outbox_plain_id_seq;
    drop index if exists tandem_outbox_unpublished, tandem_outbox_due;
    alter table tandem_outbox_plain add column if not exists unrepresentable json;
  end if;
end
$$;

create table if not exists tandem_outbox (
  id               bigserial   primary key,
  key              text        not null,
  sequence         bigint      not null,
  event            text        not null,
  event_id         text        not null,
  occurred_at      timestamptz not null,
  correlation_id   text        not null,
  causation_id     text        not null,
  traceparent      text,
  -- Pinned versions, newest first: [{version, type, subject, dataschema, body}]. json, not jsonb: it keeps the text.
  versions         json        not null,
  -- Versions that were published then and cannot say the event: [{version, type, channel, policy, said}]; null when none.
  unrepresentable  json,
  created_at       timestamptz not null default clock_timestamp(),
  -- Refusals so far; a refused row waits until next_attempt_at, and the later rows of its key behind it.
  attempts         integer     not null default 0,
  next_attempt_at  timestamptz not null default clock_timestamp(),
  last_error       text
);

create index if not exists tandem_outbox_chain on tandem_outbox (key, sequence);
create index if not exists tandem_outbox_due on tandem_outbox (next_attempt_at);

-- Every row is soon a dead one, in a table that is nearly empty: a share of its rows says nothing of how many are dead,
-- so their number does. Cutting off the empty end would lock out everybody, for pages that the next burst fills again.
alter table tandem_outbox set (
  autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000, autovacuum_vacuum_cost_delay = 0,
  vacuum_truncate = off
);
`;
