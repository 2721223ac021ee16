/** What a dashboard shows, without the words that Grafana wants around it. */

/** Units as Grafana names them. */
export type Unit = "short" | "reqps" | "s" | "percentunit" | "bytes" | "dateTimeFromNow";

/** One query, and what its lines are called: `{{event}}` is the value of a label. */
export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** One panel. */
export interface Panel {
  readonly title: string;
  /** What it means, and what to look at where it is high. */
  readonly says: string;
  readonly unit: Unit;
  readonly queries: readonly Query[];
  /** `number` shows the last value, `graph` lines, `states` which of a few values held when. */
  readonly shows: "number" | "graph" | "states";
  /** From here on it is drawn as something wrong. */
  readonly wrongFrom?: number;
  /** Names of values, for `states`. */
  readonly states?: Readonly<Record<number, string>>;
}

/** A row of panels, side by side. */
export type Row = readonly Panel[];

/** Rows under one heading. */
export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** One dashboard. */
export interface Dashboard {
  /** In the address, and the name of its file. */
  readonly uid: string;
  readonly title: string;
  readonly says: string;
  /** The metric whose label `service` offers the choice of services; absent: there is none to choose. */
  readonly servicesOf?: string;
  readonly sections: readonly Section[];
}
