/** A channel as one service sees it. */
import { compareText } from "../../diagnostic.ts";
import { parametersOf } from "../../spec/address.ts";
import type { ChannelSpec, Contract, ParameterSpec } from "../../spec/contract.ts";
import { own } from "../../spec/json.ts";
import { rolesOf } from "../../spec/roles.ts";
import { descriptionOf } from "../events.ts";
import type { ViewChannel, ViewParameter } from "./view.ts";

/** @param messages Keys of the messages that the service sends or receives there. */
export function buildViewChannel(
  channel: ChannelSpec,
  messages: readonly string[],
  contract: Contract,
  key: string,
): ViewChannel {
  const { address, servers, title, summary, description, parameters, event, stream } = channel;
  const declared = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const isEvent = rolesOf(contract).get(channel) === "event";
  return {
    key,
    address: address?.value,
    servers: servers?.toSorted(compareText),
    title,
    summary: summary === description ? undefined : summary,
    description,
    parameters: [...new Set(parametersOf(address?.value ?? ""))].map((name) =>
      buildParameter(name, declared.get(name)),
    ),
    messages,
    owner: isEvent ? channel.owner?.title : undefined,
    event: isEvent ? { stream: stream?.value ?? "", key: event?.key.value ?? "" } : undefined,
  };
}

/** A parameter in the words of AsyncAPI 3, which has no schema for it. */
function buildParameter(name: string, parameter: ParameterSpec | undefined): ViewParameter {
  const schema = parameter?.schema?.value;
  const values = own(schema, "enum");
  const given = own(schema, "default");
  return {
    name,
    description: parameter?.description ?? descriptionOf(schema),
    location: parameter?.location?.value,
    values:
      parameter?.values ?? (Array.isArray(values) ? values.filter((value) => typeof value === "string") : undefined),
    default: parameter?.default ?? (typeof given === "string" ? given : undefined),
  };
}
