-- The tables of the inventory service. Applied at start, again whenever this text changes: keep it idempotent.

-- The books of each product. They balance at every commit, because nothing that does not balance can be stored.
create table if not exists stock (
  product_id text   primary key,
  initial    bigint not null check (initial >= 0),
  restocked  bigint not null default 0 check (restocked >= 0),
  available  bigint not null check (available >= 0),
  reserved   bigint not null default 0 check (reserved >= 0),
  sold       bigint not null default 0 check (sold >= 0),
  constraint the_books_balance check (initial + restocked = available + reserved + sold)
);

-- One answer for each order, for good. A row that is cancelled without ever having been reserved is a
-- tombstone: the cancellation came first, and the order that it cancels reserves nothing any more.
create table if not exists reservations (
  order_id       uuid primary key,
  reservation_id uuid,
  state          text not null check (state in ('reserved', 'rejected', 'sold', 'released', 'cancelled')),
  constraint an_id_exactly_when_reserved check ((state in ('reserved', 'sold', 'released')) = (reservation_id is not null))
);

alter table reservations add column if not exists at timestamptz not null default now();

create table if not exists reservation_lines (
  order_id   uuid   not null references reservations,
  product_id text   not null references stock,
  quantity   bigint not null check (quantity > 0),
  primary key (order_id, product_id)
);

-- What the warehouse starts with. A product that is here already keeps its books.
insert into stock (product_id, initial, available) values
  ('tea-250',      1000000, 1000000),
  ('tea-1000',     1000000, 1000000),
  ('cup-white',    1000000, 1000000),
  ('pot-clay',           3,       3),
  ('kettle-steel',     100,     100)
on conflict (product_id) do nothing;

-- What `tandem trace` shows. The transaction ties the state to the event that led to it.
create or replace view tandem_trace as
  select order_id::text as key, at, 'reservation is ' || state as what,
         case when reservation_id is null then null else json_build_object('reservation_id', reservation_id) end as detail,
         xmin::text as transaction
    from reservations;
