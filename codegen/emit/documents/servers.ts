/** The servers of one service's document. */
import { parametersOf } from "../../spec/address.ts";
import type { Model } from "../../model/model.ts";
import type { View } from "../../model/view/view.ts";

/** The servers that a view's channels are on, in the words of AsyncAPI 3; undefined when there is none. */
export function describeServers(
  { channels }: View,
  servers: Model["servers"],
): Readonly<Record<string, unknown>> | undefined {
  const onAll = channels.length === 0 || channels.some((channel) => channel.servers === undefined);
  const used = new Set(channels.flatMap((channel) => channel.servers ?? []));
  const shown = servers.filter(([key]) => onAll || used.has(key));
  if (shown.length === 0) return undefined;
  return Object.fromEntries(
    shown.map(([key, { variables, ...server }]) => {
      const named = new Set([...parametersOf(server.host), ...parametersOf(server.pathname ?? "")]);
      const declared = variables
        .filter(({ name }) => named.has(name))
        .map(({ name, values, ...variable }) => [name, { ...variable, enum: values }] as const);
      return [key, { ...server, ...(declared.length > 0 && { variables: Object.fromEntries(declared) }) }];
    }),
  );
}
