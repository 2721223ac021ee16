/** `channels/<channel>.ts` and its validator: a channel that is no event, with the parameters of its address. */
import type { Channel } from "../../model/model.ts";
import { headerOf, type EmitContext } from "../emitter.ts";
import { block, Import, join, Name, trusted, ts } from "../print/code.ts";
import { docComment } from "../print/comment.ts";
import type { SourceFile } from "../print/source-file.ts";
import { plainMessagePath, validatorOf } from "./message.ts";
import { messagingType } from "./messaging.ts";

/** Where the descriptor of a channel is. */
export function channelPath({ file }: Channel): string {
  return `channels/${file}.ts`;
}

/** The type of the parameters, the descriptor, and the validator of the parameters. */
export async function emitChannel(channel: Channel, context: EmitContext): Promise<SourceFile[]> {
  const { parameters, address } = channel;
  const path = channelPath(channel);
  const type =
    parameters &&
    (await context.declareType({ name: parameters.typeName, schema: parameters.schema, pointer: parameters.pointer }));
  const validator = path.replace(/\.ts$/, ".parameters.validate.js");
  const descriptor = block({
    name: channel.key,
    address: address ?? null,
    separator: channel.separator,
    validateParameters: parameters && new Import("validate", validator, { as: "validateParameters" }),
    defaults: parameters?.defaults ?? {},
    messages: channel.messages.map((message) => new Import(message.constName, plainMessagePath(message))),
  });
  const annotation =
    type === undefined ? ts`${messagingType("Channel")}` : ts`${messagingType("Channel")}<${type.type}>`;
  const definition = ts`
    ${trusted(docComment({ description: channel.summary }))}export const ${new Name(channel.constName)}: ${annotation} = ${descriptor};
  `;
  return [
    {
      path,
      header: headerOf(context, `#${channel.pointer}`),
      body: join([...(type === undefined ? [] : [type.code]), definition], "\n\n"),
    },
    ...validatorOf(parameters, validator, path, context),
  ];
}
