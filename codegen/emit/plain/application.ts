/** `operations/<service>.ts`: what one service does on channels that are no events. */
import type { Application, Channel, Message, Operation } from "../../model/model.ts";
import { headerOf, type EmitContext } from "../emitter.ts";
import { block, Import, join, member, Name, trusted, ts, type Code } from "../print/code.ts";
import { docComment } from "../print/comment.ts";
import type { SourceFile } from "../print/source-file.ts";
import { channelPath } from "./channel.ts";
import { plainMessagePath } from "./message.ts";
import { messagingType } from "./messaging.ts";

/** A descriptor of each operation, and the interfaces of whoever performs them. */
export function emitApplication(
  { service, file, operations, ...types }: Application,
  context: EmitContext,
): SourceFile {
  const received = operations.filter(({ action }) => action === "receive");
  const sent = operations.filter(({ action }) => action === "send");
  const importOf = importsBeside(operations);
  return {
    path: `operations/${file}.ts`,
    header: headerOf(context, `, the operations of ${service}`),
    body: join(
      [
        ...operations.map((operation) => descriptorOf(operation, importOf)),
        members(types.receivesType, `What ${service} does with what it receives.`, "Receiver", received),
        members(types.sendsType, `What ${service} sends.`, "Sender", sent),
      ],
      "\n\n",
    ),
  };
}

/** Where the descriptors come from, under names that say what they are where an operation is called the same. */
function importsBeside(operations: readonly Operation[]): {
  readonly channel: (channel: Channel) => Import;
  readonly messages: (messages: readonly Message[]) => Import[];
} {
  const channels = operations.flatMap(({ channel, reply }) => [channel, reply?.channel ?? channel]);
  const taken = new Set(operations.map(({ constName }) => constName));
  const named = new Set([...taken, ...channels.map(({ constName }) => constName)]);
  return {
    channel: (channel) => {
      const { constName } = channel;
      return new Import(constName, channelPath(channel), {
        as: taken.has(constName) ? `${constName}Channel` : constName,
      });
    },
    messages: (messages) =>
      messages.map((message) => {
        const { constName } = message;
        const as = named.has(constName) ? `${constName}Message` : constName;
        return new Import(constName, plainMessagePath(message), { as });
      }),
  };
}

function descriptorOf(
  { key, constName, action, channel, messages, reply, summary }: Operation,
  imports: ReturnType<typeof importsBeside>,
): Code {
  const descriptor = block({
    name: key,
    action,
    channel: imports.channel(channel),
    messages: imports.messages(messages),
    reply: reply && {
      channel: reply.channel === undefined ? null : imports.channel(reply.channel),
      messages: imports.messages(reply.messages),
    },
  });
  return ts`
    ${trusted(docComment({ description: summary }))}export const ${new Name(constName)} = ${descriptor} as const satisfies ${messagingType("Operation")};
  `;
}

function members(type: string, description: string, role: string, operations: readonly Operation[]): Code {
  const comment = trusted(docComment({ description }));
  if (operations.length === 0) return ts`${comment}export interface ${new Name(type)} {}`;
  const list = operations.map(
    ({ constName, summary }) =>
      ts`${trusted(docComment({ description: summary }))}readonly ${member(constName)}: ${messagingType(role)}<typeof ${new Name(constName)}>;`,
  );
  return ts`
    ${comment}export interface ${new Name(type)} {
      ${join(list, "\n")}
    }
  `;
}
