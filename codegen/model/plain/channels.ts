/** Channels of which no more is known than their messages. */
import { compareText } from "../../diagnostic.ts";
import { parametersOf } from "../../spec/address.ts";
import type { ChannelSpec, Contract, ParameterSpec } from "../../spec/contract.ts";
import { type Pointer, under } from "../../spec/pointer.ts";
import { channelsOf } from "../../spec/roles.ts";
import type { Channel, ChannelParameters, JsonSchema, Message } from "../model.ts";
import type { Names } from "../names.ts";
import type { Schemas } from "../schemas.ts";

/** The channels by their places. */
export function buildChannels(
  contract: Contract,
  messages: ReadonlyMap<Pointer, Message>,
  schemas: Schemas,
  names: Names,
): ReadonlyMap<Pointer, Channel> {
  const plain = channelsOf(contract, "plain").toSorted((a, b) => compareText(a.at, b.at));
  return new Map(plain.map((channel) => [channel.at, buildChannel(channel, messages, schemas, names)]));
}

function buildChannel(
  channel: ChannelSpec,
  messages: ReadonlyMap<Pointer, Message>,
  schemas: Schemas,
  names: Names,
): Channel {
  const { key, at, address, transport } = channel;
  const what = `the channel ${key}`;
  const constName = names.valueName("value in channels/", [key, `${key} channel`], at, what, "a channel");
  return {
    key,
    constName,
    file: names.fileName("file in channels/", constName, at, what),
    pointer: at,
    summary: channel.summary,
    address: address?.value,
    separator: transport !== "nats" && address?.value.includes("/") ? "/" : ".",
    parameters: buildParameters(channel, constName, schemas, names),
    messages: [...new Set(channel.messages.flatMap(({ message }) => messages.get(message.at) ?? []))].toSorted((a, b) =>
      compareText(a.typeName, b.typeName),
    ),
  };
}

/** The parameters that stand in the address, as the schema of one object. */
function buildParameters(
  { key, at, address, parameters }: ChannelSpec,
  constName: string,
  schemas: Schemas,
  names: Names,
): ChannelParameters | undefined {
  const inAddress = [...new Set(parametersOf(address?.value ?? ""))];
  if (inAddress.length === 0) return undefined;
  const declared = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const defaults = Object.fromEntries(
    inAddress.flatMap((name): [string, string][] => {
      const value = declared.get(name)?.default;
      return value === undefined ? [] : [[name, value]];
    }),
  );
  const required = inAddress.filter((name) => !Object.hasOwn(defaults, name));
  const schema = {
    type: "object",
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(inAddress.map((name) => [name, schemaOf(declared.get(name), schemas)])),
  };
  const pointer = under(at, "parameters");
  const typeName = names.typeName(
    [`${constName}Parameters`, `${constName}ChannelParameters`],
    pointer,
    `the parameters of ${key}`,
    "parameters",
  );
  return { typeName, pointer, schema, examples: [], defaults };
}

/** A parameter is text unless its schema says otherwise: a number is written out in the address. */
function schemaOf(parameter: ParameterSpec | undefined, schemas: Schemas): JsonSchema {
  if (parameter?.schema !== undefined) return schemas.of(parameter.schema);
  const { description, values } = parameter ?? {};
  return {
    type: "string",
    ...(description === undefined ? {} : { description }),
    ...(values === undefined || values.length === 0 ? {} : { enum: values }),
  };
}
