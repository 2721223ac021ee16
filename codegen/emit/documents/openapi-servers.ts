/** The servers of an HTTP door, in the words of OpenAPI. */
import type { Model } from "../../model/model.ts";
import type { View, ViewOperation } from "../../model/view/view.ts";
import { describeServers } from "./servers.ts";

type Json = Readonly<Record<string, unknown>>;

/** The servers that these operations are on, which speak HTTP; the server that gave the document when there is none. */
export function openApiServers(
  view: View,
  operations: readonly ViewOperation[],
  servers: Model["servers"],
): readonly Json[] {
  const doors = new Set(operations.map(({ channel }) => channel));
  const channels = view.channels.filter(({ key }) => doors.has(key));
  const described = Object.values(describeServers({ ...view, channels }, servers) ?? {});
  const urls = described.flatMap((server): Json[] => {
    const url = isObject(server) ? openApiServer(server) : undefined;
    return url === undefined ? [] : [url];
  });
  return urls.length === 0 ? [{ url: "/" }] : urls;
}

function openApiServer({
  protocol,
  host,
  pathname = "",
  description,
  summary,
  title,
  variables,
}: Json): Json | undefined {
  const scheme = String(protocol).toLowerCase();
  if (scheme !== "http" && scheme !== "https") return undefined;
  const says = description ?? summary ?? title;
  return {
    url: `${scheme}://${String(host)}${String(pathname)}`,
    ...(says !== undefined && { description: says }),
    ...(isObject(variables) && { variables: Object.fromEntries(Object.entries(variables).map(openApiVariable)) }),
  };
}

/** OpenAPI wants a default of each, one of its values. */
function openApiVariable([name, variable]: [string, unknown]): [string, Json] {
  const { default: standard, enum: values, description } = isObject(variable) ? variable : {};
  const list = Array.isArray(values) && values.length > 0 ? values : undefined;
  return [
    name,
    {
      default: standard ?? list?.[0] ?? "",
      ...(list !== undefined && { enum: list }),
      ...(description !== undefined && { description }),
    },
  ];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
