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
