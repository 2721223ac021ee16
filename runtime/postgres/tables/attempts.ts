/** How often a handler was started on a message that was delivered more than once. */

/**
 * One row for a message of a durable, never for an event: a replay of it is another message with attempts of its own.
 * There is none for a message that goes through at its first delivery. `unfinished` counts the starts since the last
 * run that came to an end, whatever end: its process died on it, or beside it.
 */
export const ATTEMPTS = `
create table if not exists tandem_attempts (
  durable         text        not null,
  stream_sequence bigint      not null,
  runs            integer     not null,
  unfinished      integer     not null,
  touched_at      timestamptz not null default now(),
  primary key (durable, stream_sequence)
);

create index if not exists tandem_attempts_touched on tandem_attempts (touched_at);
`;
