create table if not exists started (thing_id text not null);
create table if not exists taken (thing_id text not null, count integer, place bigserial);
