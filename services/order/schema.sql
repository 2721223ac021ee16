-- The tables of the order service. Applied at start, again whenever this text changes: keep it idempotent.

-- stage is the state machine's own word: accepted and payable are both "processing" to a caller.
create table if not exists orders (
  order_id       uuid        primary key,
  stage          text        not null check (stage in ('accepted', 'payable', 'confirmed', 'cancelled')),
  reason         text        check (reason in ('insufficient_stock', 'payment_failed', 'deadline_passed')),
  total_amount   bigint      not null check (total_amount > 0),
  total_currency text        not null,
  customer_id    text,
  correlation_id text        not null,
  placed_at      timestamptz not null,
  deadline       timestamptz not null,
  constraint a_reason_exactly_when_cancelled check ((stage = 'cancelled') = (reason is not null))
);

-- What the sweeper looks for.
create index if not exists orders_undecided on orders (deadline) where stage in ('accepted', 'payable');

create table if not exists order_lines (
  order_id   uuid    not null references orders,
  position   integer not null,
  product_id text    not null,
  quantity   bigint  not null check (quantity > 0),
  unit_price bigint  not null check (unit_price > 0),
  primary key (order_id, position)
);

-- Each event that concerns an order, once, in the order in which this service learned of it.
create table if not exists order_history (
  position bigint      generated always as identity,
  order_id uuid        not null references orders,
  event    text        not null,
  at       timestamptz not null,
  primary key (order_id, event)
);

-- A key is kept as long as its order. The order is written after it, in the same transaction.
create table if not exists idempotency_keys (
  key         text primary key,
  fingerprint text not null,
  order_id    uuid not null references orders deferrable initially deferred
);

-- What `tandem trace` shows. The transaction ties a change of state to the event that led to it.
create or replace view tandem_trace as
  select orders.order_id::text as key, placed_at as at, 'POST /orders accepted'::text as what,
         json_build_object('deadline', deadline, 'idempotency_key', idempotency_keys.key) as detail,
         null::text as transaction
    from orders left join idempotency_keys using (order_id)
  union all
  select order_id::text, at, 'noted ' || event, null, xmin::text from order_history;

-- What `tandem verify` asks. A function and not a view: it names tables of the runtime, which must be able to replace
-- them. Events are looked for as long as they are kept (30 days and a day).
create or replace function tandem_invariants()
returns table (invariant text, says text, checked bigint, holds boolean, detail json)
language sql stable as $$
  with written as (
    select key, event from tandem_outbox union all select key, event from tandem_published),
  told as (
    select key, count(*) filter (where event = 'orders.created') as created,
           count(*) filter (where event = 'orders.confirmed') as confirmed,
           count(*) filter (where event = 'orders.cancelled') as cancelled
      from written group by key),
  noted as (
    select order_id, bool_or(event = 'orders.confirmed') as confirmed, bool_or(event = 'orders.cancelled') as cancelled
      from order_history group by order_id),
  priced as (
    select order_id, sum(quantity * unit_price) as amount from order_lines group by order_id),
  keyed as (
    select order_id, count(*) as keys from idempotency_keys group by order_id),
  fresh as (
    select * from orders where placed_at > now() - interval '30 days'),
  judged as (
    select 'I1' as invariant, 'an accepted order has its lines, its price, one event that tells of it and one key at most' as says,
           order_id,
           case when priced.amount is distinct from total_amount then 'its lines do not make its price'
                when coalesce(created, 0) <> 1 then coalesce(created, 0) || ' events orders.created'
                when keyed.keys > 1 then keyed.keys || ' idempotency keys' end as why
      from fresh left join told on key = order_id::text left join priced using (order_id) left join keyed using (order_id)
    union all
    -- The sweeper comes by every second; a minute is for one that was away.
    select 'I2', 'an order is decided by its deadline, once, as its history and its events say', order_id,
           case when stage in ('accepted', 'payable') and deadline < now() - interval '1 minute'
                  then stage || ' since ' || placed_at || ', and its deadline was ' || deadline
                when noted.confirmed and noted.cancelled then 'its history says confirmed and cancelled'
                when coalesce(noted.confirmed, false) <> (stage = 'confirmed')
                  or coalesce(noted.cancelled, false) <> (stage = 'cancelled') then stage || ', and its history says otherwise'
                when coalesce(told.confirmed, 0) <> (stage = 'confirmed')::integer
                  or coalesce(told.cancelled, 0) <> (stage = 'cancelled')::integer
                  then stage || ', and its events are ' || coalesce(told.confirmed, 0) || ' of orders.confirmed and '
                       || coalesce(told.cancelled, 0) || ' of orders.cancelled' end
      from fresh left join told on key = order_id::text left join noted using (order_id))
  select invariant, says, count(*), count(why) = 0,
         json_agg(json_build_object('order_id', order_id, 'why', why)) filter (where why is not null)
    from judged group by invariant, says
$$;
