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
