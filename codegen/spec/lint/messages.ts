/** Rules for messages: one name for one message, everywhere, since types are named after it. */
import type { Contract, MessageSpec } from "../contract.ts";
import type { Report } from "../report.ts";
import { channelsOf } from "../roles.ts";

export function lintMessages(contract: Contract, report: Report): void {
  const byKey = new Map<string, MessageSpec>();
  for (const channel of contract.channels) {
    for (const use of channel.messages) {
      const { key, at, message } = use;
      const place = { at, side: "name" } as const;
      if (key !== message.key) {
        report.error(
          "MESSAGE_KEY",
          place,
          `${channel.key} calls ${message.key} ${key}`,
          `Call it ${message.key} here too.`,
        );
        continue;
      }
      const first = byKey.get(key);
      if (first === undefined) byKey.set(key, message);
      else if (first.at !== message.at) {
        report.error(
          "MESSAGE_KEY",
          place,
          `another message is called ${key} too, at #${first.at}`,
          "Message keys are unique in a document: rename one of the two.",
        );
      }
    }
  }
  lintShared(contract, report);
}

function lintShared(contract: Contract, report: Report): void {
  const owner = new Map<string, string>();
  for (const channel of channelsOf(contract, "event")) {
    for (const { at, message } of channel.messages) {
      const first = owner.get(message.at);
      if (first === undefined) owner.set(message.at, channel.key);
      else if (first !== channel.key) {
        const hint = "Give each event a message of its own; they may share a schema.";
        report.error("MESSAGE_SHARED", { at, side: "name" }, `${message.key} belongs to ${first} already`, hint);
      } else {
        report.error(
          "MESSAGE_SHARED",
          { at, side: "name" },
          `${channel.key} carries ${message.key} twice`,
          "Remove one of the two.",
        );
      }
    }
  }
}
