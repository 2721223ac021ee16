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

-- What `tandem verify` asks. A function and not a view: it names tables of the runtime, which must be able to replace
-- them.
create or replace function tandem_invariants()
returns table (invariant text, says text, checked bigint, holds boolean, detail json)
language sql stable as $$
  with held as (
    select product_id, coalesce(sum(quantity) filter (where state = 'reserved'), 0) as reserved,
           coalesce(sum(quantity) filter (where state = 'sold'), 0) as sold
      from reservation_lines join reservations using (order_id) group by product_id),
  told as (
    select key, bool_or(event = 'orders.cancelled') as cancelled, bool_or(event = 'orders.confirmed') as confirmed
      from tandem_inbox where event in ('orders.cancelled', 'orders.confirmed') group by key),
  judged as (
    select 'I3' as invariant, 'the books of a product balance, and agree with what the orders hold' as says,
           'product_id' as kind, product_id as id,
           case when least(available, stock.reserved, stock.sold) < 0 then 'less than nothing'
                when initial + restocked <> available + stock.reserved + stock.sold
                  then initial || ' + ' || restocked || ' is not ' || available || ' + ' || stock.reserved || ' + ' || stock.sold
                when stock.reserved <> coalesce(held.reserved, 0)
                  then stock.reserved || ' reserved, and the reservations hold ' || coalesce(held.reserved, 0)
                when stock.sold <> coalesce(held.sold, 0)
                  then stock.sold || ' sold, and the sold reservations hold ' || coalesce(held.sold, 0) end as why
      from stock left join held using (product_id)
    union all
    select 'I3', 'a reservation has lines exactly when it holds or held stock, and a confirmed order is sold',
           'order_id', order_id::text,
           case when (reservation_id is not null) <> exists (select from reservation_lines where order_id = reservations.order_id)
                  then state || ', and its lines say otherwise'
                when told.confirmed and state <> 'sold' then state || ', and orders.confirmed was applied' end
      from reservations left join told on key = order_id::text
    union all
    select 'I11', 'a cancelled order holds no stock', 'order_id', key,
           case when order_id is null then 'orders.cancelled was applied, and nothing is known of the order'
                when state not in ('released', 'rejected', 'cancelled') then 'orders.cancelled was applied, and its stock is ' || state end
      from told left join reservations on order_id::text = key
     where told.cancelled)
  select invariant, says, count(*), count(why) = 0,
         json_agg(json_build_object(kind, id, 'why', why)) filter (where why is not null)
    from judged group by invariant, says
$$;
