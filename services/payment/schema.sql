-- The tables of the payment service. Applied at start, again whenever this text changes: keep it idempotent.

-- One answer for each order, for good. A cancelled row is a tombstone: whatever asks for money later gets none.
create table if not exists charges (
  order_id  uuid        primary key,
  state     text        not null check (state in ('open', 'captured', 'failed', 'refunded', 'cancelled')),
  charge_id text,
  amount    bigint      check (amount > 0),
  currency  text,
  reason    text        check (reason in ('declined', 'expired')),
  at        timestamptz not null default now(),
  constraint money_exactly_when_captured check (
    (state in ('captured', 'refunded')) = (charge_id is not null and amount is not null and currency is not null)
  ),
  constraint a_reason_exactly_when_failed check ((state = 'failed') = (reason is not null))
);

-- What `tandem trace` shows. The transaction ties the state to the event that led to it.
create or replace view tandem_trace as
  select order_id::text as key, at, 'charge is ' || state as what,
         case when charge_id is null then null else json_build_object('charge_id', charge_id) end as detail,
         xmin::text as transaction
    from charges;

-- What `tandem verify` asks. A function and not a view: it names tables of the runtime, which must be able to replace
-- them. By this service's own records: what the gateway says is not here. Events are looked for as long as they are
-- kept (30 days and a day).
create or replace function tandem_invariants()
returns table (invariant text, says text, checked bigint, holds boolean, detail json)
language sql stable as $$
  with written as (
    select key, event, versions -> 0 -> 'body' as body from tandem_outbox
     where event in ('payments.succeeded', 'payments.refunded')
    union all
    select key, event, versions -> 0 -> 'body' from tandem_published
     where event in ('payments.succeeded', 'payments.refunded')),
  told as (
    select key, count(*) filter (where event = 'payments.succeeded') as captures,
           count(*) filter (where event = 'payments.refunded') as refunds,
           min(body -> 'amount' ->> 'amount') as least, max(body -> 'amount' ->> 'amount') as most
      from written group by key),
  cancelled as (
    select distinct key from tandem_inbox where event = 'orders.cancelled'),
  judged as (
    select 'I4' as invariant, 'the price is captured once at most, and given back whole' as says,
           coalesce(key, order_id::text) as order_id,
           case when order_id is null then 'money moved, and there is no charge'
                when captures > 1 then captures || ' captures'
                when refunds > 1 then refunds || ' refunds'
                when coalesce(refunds, 0) <> (state = 'refunded')::integer then state || ', and ' || coalesce(refunds, 0) || ' refunds were told of'
                when state = 'captured' and coalesce(captures, 0) <> 1 then 'captured, and no capture was told of'
                when captures > 0 and state not in ('captured', 'refunded') then state || ', and a capture was told of'
                when least <> most or most <> amount::text then 'the amounts are not the same: ' || least || ', ' || most || ', ' || amount end as why
      from (select * from charges where at > now() - interval '30 days') as fresh full join told on key = order_id::text
     -- A charge that changed longer ago has lost its events, and they it.
     where order_id is not null or not exists (select from charges where charges.order_id::text = key)
    union all
    select 'I11', 'a cancelled order keeps no money', key,
           case when order_id is null then 'orders.cancelled was applied, and nothing is known of the order'
                when state in ('open', 'captured') then 'orders.cancelled was applied, and its charge is ' || state end
      from cancelled left join charges on order_id::text = key)
  select invariant, says, count(*), count(why) = 0,
         json_agg(json_build_object('order_id', order_id, 'why', why)) filter (where why is not null)
    from judged group by invariant, says
$$;
