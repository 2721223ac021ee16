create table if not exists greeting (name text primary key, words text not null);
