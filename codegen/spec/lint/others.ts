/** Rules for channels of other documents: they are read, and belong to who owns them. */
import type { ChannelSpec, OperationSpec, OwnerSpec } from "../contract.ts";
import { shownFile, under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { isPublished } from "../roles.ts";

/** Whether a channel of another document is an event of ours that can be read; reports why it is not. */
export function lintOwned(channel: ChannelSpec, owner: OwnerSpec, report: Report): boolean {
  const place = under(owner.at, "$ref");
  if (!owner.ours) {
    const message = `${nameOf(owner)} has no x-tandem, so what it calls ${channel.key} is no event that can be read`;
    report.error("OTHER_CHANNEL", place, message, "Ask its owner for a contract with x-tandem: 1.");
    return false;
  }
  if (owner.channel === undefined) {
    const message = `this is none of the channels of ${nameOf(owner)}`;
    report.error("OTHER_CHANNEL", place, message, "Refer to a channel under its #/channels.");
    return false;
  }
  if (owner.stream !== undefined) return true;
  const message = `${nameOf(owner)} does not say which of its streams ${owner.channel} lives in`;
  report.error("OTHER_CHANNEL", place, message, "Ask its owner to name one of its x-streams in x-stream.");
  return false;
}

/** Rules for an operation on an event of another document. Returns whether it can be none at all. */
export function lintForeign(operation: OperationSpec, owner: OwnerSpec, report: Report): boolean {
  const { channel, key } = operation;
  if (operation.action === "send") {
    const message = `${key} sends ${channel.key}, which ${nameOf(owner)} owns`;
    const hint = "One document owns an event, and its services alone publish it: publish an event of your own.";
    report.error("OTHER_PUBLISHED", under(operation.at, "action"), message, hint);
    return true;
  }
  lintShared(operation, owner, report);
  const { messages } = operation;
  if (messages.length === 0 || messages.some(({ value }) => value.message.version?.state !== "retired")) return false;
  const published = channel.messages.filter(isPublished).map((use) => use.key);
  const message = `${key} reads only versions of ${channel.key} that ${owner.title} publishes no more`;
  report.warning(
    "OTHER_RETIRED",
    { at: under(operation.at, "messages"), side: "name" },
    message,
    `List ${published.join(" or ")}.`,
  );
  return false;
}

function lintShared({ key, at, consumer, channel }: OperationSpec, { stream, title }: OwnerSpec, report: Report): void {
  if (stream === undefined || stream.shared) return;
  const place = { at, side: "name" } as const;
  const hint = `Ask the owner of ${title} to write shared: true on ${stream.name}.`;
  if (consumer.orderedByKey) {
    const message = `${key} asks for the order of keys, and ${stream.name} of ${title} takes nothing back from other contracts`;
    report.error("OTHER_UNSHARED", place, message, hint);
    return;
  }
  const message = `dead letters of ${channel.key} cannot be sent back: ${stream.name} of ${title} takes none of other contracts`;
  report.warning("OTHER_UNSHARED", place, message, hint);
}

/** A document and where it is: `Orders (../orders/asyncapi.yaml)`. */
export function nameOf({ title, file }: Pick<OwnerSpec, "title" | "file">): string {
  return `${title} (${shownFile(file)})`;
}
