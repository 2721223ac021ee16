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
