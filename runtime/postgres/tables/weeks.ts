/** History in weeks: the tables that grow are partitioned by time, one partition for each week of UTC. */

/**
 * Two functions over a partitioned table. Neither waits long for a lock, and neither fails: what could not be done now
 * is answered with its reason and done the next time.
 *
 * - `tandem_make_weeks(parent, moment, first, last)` makes the weeks from `first` to `last` that are not there. A week
 *   of which DEFAULT holds rows is left out, because attaching it would be refused.
 * - `tandem_drop_weeks(parent, before)` drops the weeks that were over at `before`.
 *
 * A week is made apart and then attached: `create table … partition of` would lock out every reader and writer.
 */
export const WEEKS = `
create or replace function tandem_make_weeks(parent text, moment text, first timestamptz, last timestamptz)
returns table (name text, problem text)
language plpgsql set lock_timeout = '500ms' set timezone = 'UTC' as $$
declare
  week timestamptz;
  taken boolean;
  code text;
begin
  for week in select generate_series(date_trunc('week', first), last, interval '7 days') loop
    name := parent || to_char(week, '"_"IYYY"w"IW');
    problem := null;
    code := null;
    continue when to_regclass(quote_ident(name)) is not null;
    begin
      execute format('select exists (select from %1$I where %2$I >= $1 and %2$I < $2)', parent || '_default', moment)
         into taken using week, week + interval '7 days';
      if taken then
        problem := 'DEFAULT holds rows of this week';
      else
        execute format('create table %I (like %I including all)', name, parent);
        execute format('alter table %I attach partition %I for values from (%L) to (%L)',
                       parent, name, week, week + interval '7 days');
      end if;
    exception
      -- Somebody else made it meanwhile.
      when duplicate_table or unique_violation then continue;
      when others then
        problem := sqlerrm;
        code := sqlstate;
    end;
    return next;
    -- It ran out of its time for the lock. Whoever waits behind that is a running service: once is enough.
    exit when code = '55P03';
  end loop;
end
$$;

create or replace function tandem_drop_weeks(parent text, before timestamptz)
returns table (name text, problem text)
language plpgsql set lock_timeout = '500ms' set timezone = 'UTC' set datestyle = 'ISO' as $$
declare
  code text;
begin
  for name in
    select week.relname
      from pg_inherits join pg_class as week on week.oid = inhrelid
     where inhparent = to_regclass(quote_ident(parent))
       and substring(pg_get_expr(week.relpartbound, week.oid) from $to$TO \\('(.+)'\\)$to$)::timestamptz <= before
     order by week.relname
  loop
    problem := null;
    code := null;
    begin
      execute format('drop table %I', name);
    exception
      -- Somebody else dropped it meanwhile.
      when undefined_table then continue;
      when others then
        problem := sqlerrm;
        code := sqlstate;
    end;
    return next;
    exit when code = '55P03';
  end loop;
end
$$;
`;
