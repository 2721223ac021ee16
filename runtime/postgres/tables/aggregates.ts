/** The last sequence of each key. */

/** Taking the next one locks the row until the commit, so that the sequences of one key are in the order of the commits. */
export const AGGREGATES = `
create table if not exists tandem_aggregates (
  key      text   primary key,
  sequence bigint not null
);
`;
