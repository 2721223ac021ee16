/** One alert tried on series that were invented. */
export interface AlertCase {
  readonly alert: string;
  /** How promtool writes values, one a minute: `0+2x10` counts from 0 in steps of 2 for ten minutes, `_` is none. */
  readonly fires: Readonly<Record<string, string>>;
  /** The same system when nobody has to be told. */
  readonly calm: Readonly<Record<string, string>>;
  /** When it is looked at, for example `10m`. */
  readonly at: string;
  /** What it then carries besides its severity. */
  readonly labels: Readonly<Record<string, string>>;
  readonly summary: string;
}
