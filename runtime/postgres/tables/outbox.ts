/** What is to be published. */

/**
 * Written in the transaction that it tells of. Rows stay when they are published, with the places where the stream has
 * them: a reconciler needs them.
 *
 * Deliberately absent: a trigger or NOTIFY (it serialises commits) and any cursor over `id` (ids are not in the order
 * of commits).
 */
export const OUTBOX = `
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
  created_at       timestamptz not null default clock_timestamp(),
  -- Refusals so far; a refused row waits until next_attempt_at, and the later rows of its key behind it.
  attempts         integer     not null default 0,
  next_attempt_at  timestamptz not null default clock_timestamp(),
  last_error       text,
  published_at     timestamptz,
  stream           text,
  -- One for each pinned version, in their order.
  stream_sequences bigint[]
);

-- Versions that were published then and cannot say the event: [{version, type, channel, policy, said}]; null when none.
alter table tandem_outbox add column if not exists unrepresentable json;

create index if not exists tandem_outbox_unpublished on tandem_outbox (key, sequence) where published_at is null;
create index if not exists tandem_outbox_due on tandem_outbox (next_attempt_at) where published_at is null;
`;
