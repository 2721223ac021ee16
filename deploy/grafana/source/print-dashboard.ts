/** A dashboard as Grafana reads it. */
import type { Dashboard, Panel, Row } from "./dashboard.ts";

/** The data source that is provisioned. */
const DATASOURCE = { type: "prometheus", uid: "prometheus" } as const;

/** The number of columns that Grafana lays panels out in. */
const COLUMNS = 24;
const HEIGHTS: Readonly<Record<Panel["shows"], number>> = { number: 4, graph: 8, states: 8 };
/** Of Grafana 12; a newer one takes it along. */
const SCHEMA_VERSION = 41;

interface Place {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** The text of its file. */
export function printDashboard({ uid, title, says, servicesOf, sections }: Dashboard): string {
  const panels: object[] = [];
  let y = 0;
  for (const section of sections) {
    panels.push(heading(section.title, panels.length + 1, y));
    y += 1;
    for (const row of section.rows) {
      panels.push(
        ...placed(row, y).map(([panel, place], index) => printPanel(panel, panels.length + index + 1, place)),
      );
      y += heightOf(row);
    }
  }
  const dashboard = {
    ...{ uid, title, description: says, tags: ["tandem"], editable: false, graphTooltip: 1 },
    ...{ schemaVersion: SCHEMA_VERSION, version: 1, refresh: "10s", timezone: "browser" },
    time: { from: "now-1h", to: "now" },
    links: [{ type: "dashboards", title: "Tandem", tags: ["tandem"], includeVars: true, keepTime: true }],
    annotations: { list: [] },
    templating: { list: servicesOf === undefined ? [] : [choiceOf(servicesOf)] },
    panels,
  };
  return `${JSON.stringify(dashboard, undefined, 2)}\n`;
}

function heightOf(row: Row): number {
  return Math.max(...row.map(({ shows }) => HEIGHTS[shows]));
}

/** Of one width, as many as there are; the last takes what is left over. */
function placed(row: Row, y: number): readonly (readonly [Panel, Place])[] {
  const width = Math.floor(COLUMNS / row.length);
  return row.map((panel, index) => {
    const x = index * width;
    const w = index === row.length - 1 ? COLUMNS - x : width;
    return [panel, { x, y, w, h: heightOf(row) }];
  });
}

function heading(title: string, id: number, y: number): object {
  return { id, type: "row", title, collapsed: false, gridPos: { x: 0, y, w: COLUMNS, h: 1 }, panels: [] };
}

function choiceOf(metric: string): object {
  const query = `label_values(${metric}, service)`;
  return {
    ...{ name: "service", label: "service", type: "query", datasource: DATASOURCE, definition: query },
    query: { query, refId: "services" },
    ...{ refresh: 2, sort: 1, multi: true, includeAll: true, allValue: ".*" },
    current: { text: ["All"], value: ["$__all"] },
  };
}

const TYPES: Readonly<Record<Panel["shows"], string>> = {
  number: "stat",
  graph: "timeseries",
  states: "state-timeline",
};

function printPanel(panel: Panel, id: number, gridPos: Place): object {
  const { title, says, shows, queries } = panel;
  return {
    ...{ id, type: TYPES[shows], title, description: says, datasource: DATASOURCE, gridPos },
    targets: queries.map(({ expr, legend }, index) => ({
      refId: String.fromCodePoint("A".charCodeAt(0) + index),
      datasource: DATASOURCE,
      expr,
      legendFormat: legend,
      ...(shows === "number" ? { instant: true, range: false } : { range: true }),
    })),
    fieldConfig: { defaults: defaultsOf(panel), overrides: [] },
    options: optionsOf(panel),
  };
}

function defaultsOf({ unit, shows, wrongFrom, states }: Panel): object {
  const steps = [
    { color: "green", value: null },
    ...(wrongFrom === undefined ? [] : [{ color: "red", value: wrongFrom }]),
  ];
  const marked = wrongFrom === undefined || shows !== "graph" ? {} : { thresholdsStyle: { mode: "line" } };
  return {
    ...{ unit, min: 0, color: { mode: shows === "graph" ? "palette-classic" : "thresholds" } },
    thresholds: { mode: "absolute", steps },
    custom: shows === "graph" ? { fillOpacity: 10, lineWidth: 1, showPoints: "never", ...marked } : {},
    ...(states === undefined ? {} : { mappings: [{ type: "value", options: namesOf(states) }] }),
  };
}

function namesOf(states: Readonly<Record<number, string>>): object {
  return Object.fromEntries(Object.entries(states).map(([value, text], index) => [value, { text, index }]));
}

function optionsOf({ shows }: Panel): object {
  switch (shows) {
    case "number":
      return { reduceOptions: { calcs: ["lastNotNull"], fields: "", values: false }, colorMode: "background" };
    case "graph":
      return {
        legend: { displayMode: "table", placement: "bottom", calcs: ["lastNotNull", "max"] },
        tooltip: { mode: "multi", sort: "desc" },
      };
    case "states":
      return { showValue: "auto", rowHeight: 0.8, mergeValues: true };
  }
}
