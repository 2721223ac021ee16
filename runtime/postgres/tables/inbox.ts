/** What was applied. */

/**
 * Once for each (service, event, event id), in the transaction that applied it. Never keyed by a durable: a fact that
 * comes in two versions is applied once.
 */
export const INBOX = `
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
  applied_at      timestamptz not null default now(),
  primary key (service, event, event_id)
);
`;
