/** What is on the streams. */

/**
 * Rows of the outbox that the stream has, with the places where it has them: a reconciler publishes again what a
 * broker lost. `first_sequence` is the least of `stream_sequences`.
 *
 * Rows that were published before this table was there are copied from the outbox of that time.
 */
export const PUBLISHED = `
create table if not exists tandem_published (
  id               bigint      not null,
  key              text        not null,
  sequence         bigint      not null,
  event            text        not null,
  event_id         text        not null,
  occurred_at      timestamptz not null,
  correlation_id   text        not null,
  causation_id     text        not null,
  traceparent      text,
  versions         json        not null,
  unrepresentable  json,
  created_at       timestamptz not null,
  -- Refusals before it was published.
  attempts         integer     not null,
  published_at     timestamptz not null,
  stream           text        not null,
  -- One for each pinned version, in their order.
  stream_sequences bigint[]    not null,
  first_sequence   bigint      not null
) partition by range (published_at);

create index if not exists tandem_published_event on tandem_published (event_id);
create index if not exists tandem_published_correlation on tandem_published (correlation_id);
create index if not exists tandem_published_key on tandem_published (key, sequence);
create index if not exists tandem_published_place on tandem_published (stream, first_sequence);
create table if not exists tandem_published_default partition of tandem_published default;
create index if not exists tandem_published_default_moment on tandem_published_default (published_at);

do $$
begin
  if to_regclass('tandem_outbox_plain') is not null then
    perform tandem_make_weeks(
      'tandem_published', 'published_at',
      (select greatest(coalesce(min(published_at), now()), now() - interval '52 weeks') from tandem_outbox_plain), now());
    insert into tandem_published
      (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
       unrepresentable, created_at, attempts, published_at, stream, stream_sequences, first_sequence)
    select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
           unrepresentable, created_at, attempts, published_at, stream, stream_sequences,
           (select min(place) from unnest(stream_sequences) as place)
      from tandem_outbox_plain where published_at is not null;
    insert into tandem_outbox
      (id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
       unrepresentable, created_at, attempts, next_attempt_at, last_error)
    select id, key, sequence, event, event_id, occurred_at, correlation_id, causation_id, traceparent, versions,
           unrepresentable, created_at, attempts, next_attempt_at, last_error
      from tandem_outbox_plain where published_at is null;
    perform setval(pg_get_serial_sequence('tandem_outbox', 'id'), last_value, is_called) from tandem_outbox_plain_id_seq;
    drop table tandem_outbox_plain;
  end if;
end
$$;
`;
