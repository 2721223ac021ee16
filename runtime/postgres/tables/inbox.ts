/** What was applied. */

/**
 * Once for each (service, event, event id), in the transaction that applied it. Never keyed by a durable: a fact that
 * comes in two versions is applied once.
 *
 * No index can say so across weeks, whose rows are found by another column: `tandem_record_inbox` does, in one round
 * trip. It stands on read committed: each of its statements sees what was committed before it.
 *
 * A table of a release that knew no weeks is copied; one that counted no runs gets its column before anything else here
 * locks it, so that nobody who holds it waits for us. Replicas of that release go on as before: they call the function
 * that they know, and insert by position.
 */
export const INBOX = `
do $$
begin
  if (select relkind from pg_class where oid = to_regclass('tandem_inbox')) = 'r' then
    alter table tandem_inbox rename to tandem_inbox_plain;
    alter table tandem_inbox_plain rename constraint tandem_inbox_pkey to tandem_inbox_plain_pkey;
  end if;
end
$$;

create table if not exists tandem_inbox (
  service         text        not null,
  event           text        not null,
  event_id        text        not null,
  version         integer     not null,
  key             text        not null,
  sequence        bigint,
  correlation_id  text        not null,
  stream          text        not null,
  stream_sequence bigint      not null,
  -- No default: a replica of a release that knew no weeks inserts without looking, and must not get through.
  applied_at      timestamptz not null,
  -- Of the handler, the one that applied it included; null where a release applied it that did not say.
  runs            integer,
  primary key (event_id, event, service, applied_at)
) partition by range (applied_at);

do $$
begin
  if not exists (select from pg_attribute
                  where attrelid = 'tandem_inbox'::regclass and attname = 'runs' and not attisdropped) then
    alter table tandem_inbox add column if not exists runs integer;
  end if;
end
$$;

create index if not exists tandem_inbox_correlation on tandem_inbox (correlation_id);
create index if not exists tandem_inbox_key on tandem_inbox (key);
create table if not exists tandem_inbox_default partition of tandem_inbox default;
create index if not exists tandem_inbox_default_moment on tandem_inbox_default (applied_at);

-- Statistics of a new week say that it is empty: without the setting a plan may walk the whole of one that is not.
create or replace function tandem_record_inbox(
  the_service text, the_event text, the_event_id text, version integer, key text, sequence bigint,
  correlation_id text, stream text, stream_sequence bigint, runs integer
) returns boolean
language plpgsql set enable_seqscan = off as $$
begin
  perform pg_advisory_xact_lock(
    hashtextextended(the_event_id, hashtextextended(the_event, hashtextextended(the_service, 0))));
  perform from tandem_inbox
    where event_id = the_event_id and event = the_event and service = the_service
    limit 1;
  if found then return false; end if;
  insert into tandem_inbox values
    (the_service, the_event, the_event_id, version, key, sequence, correlation_id, stream, stream_sequence, now(), runs);
  return true;
end
$$;

-- As replicas of the release before call it.
create or replace function tandem_record_inbox(
  the_service text, the_event text, the_event_id text, version integer, key text, sequence bigint,
  correlation_id text, stream text, stream_sequence bigint
) returns boolean
language sql as $$
  select tandem_record_inbox($1, $2, $3, $4, $5, $6, $7, $8, $9, null)
$$;

do $$
begin
  if to_regclass('tandem_inbox_plain') is not null then
    perform tandem_make_weeks(
      'tandem_inbox', 'applied_at',
      (select greatest(coalesce(min(applied_at), now()), now() - interval '52 weeks') from tandem_inbox_plain), now());
    insert into tandem_inbox
      (service, event, event_id, version, key, sequence, correlation_id, stream, stream_sequence, applied_at)
    select service, event, event_id, version, key, sequence, correlation_id, stream, stream_sequence, applied_at
      from tandem_inbox_plain;
    drop table tandem_inbox_plain;
  end if;
end
$$;
`;
