/** The order of the events of a key: what is said of it by who publishes, and kept of it by who reads. */

/**
 * - `tandem_key_events`: the last event of each name and key that this service published, and the one before it.
 *   Written under the lock of the key's row in `tandem_aggregates`.
 * - `tandem_key_progress`: how far the events of a key were applied, in the order of their sequences.
 * - `tandem_key_blocks`: events of a key that are dead letters; those after them wait. A discarded one is passed over
 *   when the events before it are applied.
 * - `tandem_parked`: events that came out of turn, whole: behind a block, or before their predecessor. A row goes when
 *   its event is applied or given up. `released_at` says that it was put back onto the stream, as `released_sequence`.
 *
 * Only `orderedByKey` subscriptions use the last three. A `previous` of 0 says that there was none before; null, that
 * nobody knows. Each function stands on read committed: its statements see what was committed before them.
 */
export const KEY_ORDER = `
create table if not exists tandem_key_events (
  key      text   not null,
  event    text   not null,
  sequence bigint not null,
  previous bigint,
  primary key (key, event)
);

create table if not exists tandem_key_progress (
  service  text   not null,
  event    text   not null,
  key      text   not null,
  sequence bigint not null,
  primary key (key, event, service)
);

create table if not exists tandem_key_blocks (
  service    text        not null,
  event      text        not null,
  key        text        not null,
  event_id   text        not null,
  sequence   bigint      not null,
  previous   bigint,
  discarded  boolean     not null default false,
  blocked_at timestamptz not null default now(),
  primary key (key, event, service, event_id)
);

create table if not exists tandem_parked (
  service           text        not null,
  event             text        not null,
  key               text        not null,
  sequence          bigint      not null,
  previous          bigint,
  event_id          text        not null,
  version           integer     not null,
  correlation_id    text        not null,
  durable           text        not null,
  stream            text        not null,
  stream_sequence   bigint      not null,
  headers           json        not null,
  data              bytea       not null,
  parked_at         timestamptz not null default now(),
  -- Made anew when the event is parked anew: its releases are known by it.
  parking           uuid        not null default gen_random_uuid(),
  releases          integer     not null default 0,
  released_at       timestamptz,
  released_sequence bigint,
  primary key (event_id, event, service)
);

create index if not exists tandem_parked_line on tandem_parked (service, event, key, sequence);

-- How far a key is. Before the contract asked for order only the inbox knew.
create or replace function tandem_key_reached(the_service text, the_event text, the_key text) returns bigint
language plpgsql set enable_seqscan = off as $$
declare
  reached bigint;
begin
  select sequence into reached from tandem_key_progress
   where key = the_key and event = the_event and service = the_service;
  if not found then
    select max(sequence) into reached from tandem_inbox
     where key = the_key and event = the_event and service = the_service;
  end if;
  return coalesce(reached, 0);
end
$$;

-- Whether an open dead letter of the key stands between what was reached and a sequence.
create or replace function tandem_key_is_blocked(
  the_service text, the_event text, the_key text, reached bigint, the_sequence bigint
) returns boolean
language sql as $$
  select exists (
    select from tandem_key_blocks
     where key = the_key and event = the_event and service = the_service
       and not discarded and sequence > reached and sequence < the_sequence)
$$;

-- Whether an event may run now, under the lock of its key, which stays until the transaction ends:
-- 'turn', or 'busy' (another of its key runs), 'early' (its predecessor was not applied), 'behind' (somebody of its key
-- waits before it), 'stale' (a later one was applied). What was applied is let through: the inbox knows it.
create or replace function tandem_key_turn(
  the_service text, the_event text, the_key text, the_event_id text, the_sequence bigint, the_previous bigint
) returns text
language plpgsql set enable_seqscan = off as $$
declare
  reached bigint;
begin
  if not pg_try_advisory_xact_lock(
    hashtextextended(the_key, hashtextextended(the_event, hashtextextended(the_service, 1)))) then
    return 'busy';
  end if;
  if the_sequence is null then return 'turn'; end if;
  perform from tandem_inbox
    where event_id = the_event_id and event = the_event and service = the_service
    limit 1;
  if found then return 'turn'; end if;
  reached := tandem_key_reached(the_service, the_event, the_key);
  if the_sequence <= reached then return 'stale'; end if;
  if tandem_key_is_blocked(the_service, the_event, the_key, reached, the_sequence) then return 'behind'; end if;
  perform from tandem_parked
    where service = the_service and event = the_event and key = the_key
      and sequence > reached and sequence < the_sequence
    limit 1;
  if found then return 'behind'; end if;
  if the_previous > reached then return 'early'; end if;
  return 'turn';
end
$$;

-- Moves a key on to a sequence, and over the discarded events that come next. Answers whether somebody of it is parked.
create or replace function tandem_key_passed(
  the_service text, the_event text, the_key text, the_event_id text, the_sequence bigint
) returns boolean
language plpgsql set enable_seqscan = off as $$
declare
  reached bigint;
  discarded_next bigint;
begin
  insert into tandem_key_progress as progress (service, event, key, sequence)
  values (the_service, the_event, the_key, the_sequence)
  on conflict (key, event, service) do update set sequence = greatest(progress.sequence, excluded.sequence)
  returning sequence into reached;
  delete from tandem_parked where event_id = the_event_id and event = the_event and service = the_service;
  loop
    delete from tandem_key_blocks
     where key = the_key and event = the_event and service = the_service
       and (sequence <= reached or event_id = the_event_id);
    select min(sequence) into discarded_next from tandem_key_blocks
     where key = the_key and event = the_event and service = the_service
       and discarded and coalesce(previous, 0) <= reached;
    exit when discarded_next is null
      or tandem_key_is_blocked(the_service, the_event, the_key, reached, discarded_next);
    update tandem_key_progress set sequence = discarded_next
     where key = the_key and event = the_event and service = the_service;
    reached := discarded_next;
  end loop;
  return exists (select from tandem_parked where service = the_service and event = the_event and key = the_key);
end
$$;

-- Notes that an event became a dead letter, unless it was applied or passed; whatever becomes of it is no longer parked
-- under this durable.
create or replace function tandem_key_block(
  the_service text, the_event text, the_key text, the_event_id text, the_sequence bigint, the_previous bigint,
  the_durable text
) returns void
language plpgsql set enable_seqscan = off as $$
begin
  delete from tandem_parked
   where event_id = the_event_id and event = the_event and service = the_service and durable = the_durable;
  perform from tandem_inbox
    where event_id = the_event_id and event = the_event and service = the_service
    limit 1;
  if found or the_sequence <= tandem_key_reached(the_service, the_event, the_key) then return; end if;
  insert into tandem_key_blocks (service, event, key, event_id, sequence, previous)
  values (the_service, the_event, the_key, the_event_id, the_sequence, the_previous)
  on conflict (key, event, service, event_id) do nothing;
end
$$;

-- Notes that a dead letter was discarded, also one of which no block is known yet. Answers whether somebody is parked.
create or replace function tandem_key_discard(
  the_service text, the_event text, the_key text, the_event_id text, the_sequence bigint, the_previous bigint
) returns boolean
language plpgsql set enable_seqscan = off as $$
begin
  update tandem_key_blocks set discarded = true
   where key = the_key and event = the_event and service = the_service and event_id = the_event_id;
  if not found and the_sequence > tandem_key_reached(the_service, the_event, the_key) then
    insert into tandem_key_blocks (service, event, key, event_id, sequence, previous, discarded)
    values (the_service, the_event, the_key, the_event_id, the_sequence, the_previous, true)
    on conflict (key, event, service, event_id) do update set discarded = true;
  end if;
  return tandem_key_passed(
    the_service, the_event, the_key, '', tandem_key_reached(the_service, the_event, the_key));
end
$$;
`;
