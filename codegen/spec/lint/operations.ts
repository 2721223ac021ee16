/** Rules for operations: who performs them, on which versions, and where what fails goes. */
import type { ChannelSpec, Contract, OperationSpec } from "../contract.ts";
import { under } from "../pointer.ts";
import type { Report } from "../report.ts";
import { isPublished, type Role, rolesOf } from "../roles.ts";
import { lintForeign } from "./others.ts";
import { lintPriority } from "./priority.ts";

export function lintOperations(contract: Contract, report: Report): void {
  const roles = rolesOf(contract);
  for (const operation of contract.operations) {
    if (operation.service === undefined) {
      const hint = "Add x-service, or a trait that has it.";
      report.error(
        "OPERATION_SERVICE",
        name(operation),
        `${operation.key} does not say which service performs it`,
        hint,
      );
    }
    lintListed(operation, report);
    lintRole(operation, roles.get(operation.channel), roles, report);
  }
  lintDuplicates(contract, roles, report);
  lintSenders(contract, roles, report);
}

function lintListed(operation: OperationSpec, report: Report): void {
  // A list of nothing but what is no message was reported when it was read.
  if (report.concernsPartOf(under(operation.at, "messages"))) return;
  if (!operation.listsMessages || operation.messages.length === 0) {
    const place = operation.listsMessages ? under(operation.at, "messages") : operation.at;
    const hint = "List under messages which versions it sends or receives.";
    report.error("OPERATION_MESSAGES", { at: place, side: "name" }, `${operation.key} lists no messages`, hint);
  }
  const seen = new Set<string>();
  for (const { value, at } of operation.messages) {
    if (seen.has(value.message.at)) {
      report.error("OPERATION_MESSAGES", at, `${operation.key} lists ${value.key} twice`, "Remove one of the two.");
    }
    seen.add(value.message.at);
  }
}

function lintRole(
  operation: OperationSpec,
  role: Role | undefined,
  roles: ReadonlyMap<ChannelSpec, Role>,
  report: Report,
): void {
  const unsupported = (message: string, hint: string): void =>
    report.error("OPERATION_UNSUPPORTED", name(operation), message, hint);
  if (role === "dead letters") {
    unsupported(
      `${operation.key}: an operation on dead letters is unsupported`,
      "Dead letters are handled by the operations tool.",
    );
  }
  if (role !== "event") return;
  if (operation.reply !== undefined) {
    unsupported(`${operation.key}: a reply to an event is unsupported`, "Publish another event.");
  }
  if (operation.channel.owner !== undefined && lintForeign(operation, operation.channel.owner, report)) return;
  if (operation.action === "send") lintSent(operation, report);
  else lintReceived(operation, roles, report);
}

/** A sender publishes every live version, since readers of each may be there. */
function lintSent(operation: OperationSpec, report: Report): void {
  // With nothing published, the versions themselves are at fault.
  if (!operation.channel.messages.some(isPublished)) return;
  const listed = new Set(operation.messages.map(({ value }) => value.message.at));
  for (const { value, at } of operation.messages) {
    if (isPublished(value) || value.message.version === undefined) continue;
    report.error(
      "OPERATION_VERSIONS",
      at,
      `${value.key} is ${value.message.version.state === "draft" ? "a draft" : "retired"}, so it is not sent`,
      "Remove it from the list, or make it current.",
    );
  }
  const forgotten = operation.channel.messages.filter((use) => isPublished(use) && !listed.has(use.message.at));
  if (forgotten.length === 0 || operation.messages.length === 0 || !operation.listsMessages) return;
  const names = forgotten.map((use) => use.key).join(", ");
  const hint = "Every version that is current or deprecated is sent: list it, or make it retired or a draft.";
  report.error(
    "OPERATION_VERSIONS",
    { at: under(operation.at, "messages"), side: "name" },
    `${operation.key} does not list ${names}`,
    hint,
  );
}

function lintReceived(operation: OperationSpec, roles: ReadonlyMap<ChannelSpec, Role>, report: Report): void {
  for (const { value, at } of operation.messages) {
    if (value.message.version?.state !== "draft" || !operation.channel.messages.some(isPublished)) continue;
    report.error(
      "OPERATION_VERSIONS",
      at,
      `${value.key} is a draft: nothing publishes it`,
      "Remove it from the list, or make it current.",
    );
  }
  if (operation.retry.maxDelayMs < operation.retry.delayMs) {
    report.error(
      "RETRY_DELAYS",
      operation.retry.at,
      "maxDelay is shorter than delay",
      "Make maxDelay at least as long as delay.",
    );
  }
  lintPriority(operation, report);
  if (operation.deadLetter === undefined) {
    const hint = "Add x-dead-letter: { channel: { $ref: '#/channels/...' } }, or a trait that has it.";
    report.error(
      "DEAD_LETTER_MISSING",
      name(operation),
      `${operation.key} does not say where its dead letters go`,
      hint,
    );
  } else if (operation.deadLetter.value?.owner !== undefined) {
    const hint = "Give the contract a stream of its own for them: nothing of another document is provisioned.";
    report.error("DEAD_LETTER_CHANNEL", operation.deadLetter.at, "these dead letters are another document's", hint);
  } else if (operation.deadLetter.value === undefined || roles.get(operation.deadLetter.value) !== "dead letters") {
    const hint = "Name a channel on NATS that has no x-event.";
    report.error("DEAD_LETTER_CHANNEL", operation.deadLetter.at, "this channel cannot hold dead letters", hint);
  }
}

function lintDuplicates(contract: Contract, roles: ReadonlyMap<ChannelSpec, Role>, report: Report): void {
  const seen = new Map<string, OperationSpec>();
  for (const operation of contract.operations) {
    if (operation.service === undefined || roles.get(operation.channel) !== "event") continue;
    const identity = JSON.stringify([operation.service.value, operation.action, operation.channel.at]);
    const first = seen.get(identity);
    if (first === undefined) seen.set(identity, operation);
    else {
      const message = `${first.key} says already that ${operation.service.value} ${operation.action}s ${operation.channel.key}`;
      report.error("OPERATION_DUPLICATE", name(operation), message, "One operation lists all versions: make them one.");
    }
  }
}

function lintSenders(contract: Contract, roles: ReadonlyMap<ChannelSpec, Role>, report: Report): void {
  for (const [channel, role] of roles) {
    if (role !== "event") continue;
    const sends = contract.operations.filter(
      (operation) => operation.channel === channel && operation.action === "send",
    );
    const first = sends[0]?.service?.value;
    for (const other of sends.slice(1)) {
      if (first === undefined || other.service === undefined || other.service.value === first) continue;
      const message = `${channel.key} is sent by ${first} already`;
      report.error(
        "EVENT_SENDERS",
        name(other),
        message,
        `One service sends an event: give ${other.service.value} an event of its own.`,
      );
    }
    const isUnreadable = channel.owner !== undefined && report.concerns(channel.owner.at);
    if (
      channel.owner !== undefined &&
      !isUnreadable &&
      !contract.operations.some((operation) => operation.channel === channel)
    ) {
      const message = `no operation reads ${channel.key}, so nothing is generated for it`;
      report.warning("OTHER_UNREAD", channel.owner.at, message, "Add the operation that receives it, or remove it.");
    }
    if (
      sends.length === 0 &&
      channel.owner === undefined &&
      channel.event !== undefined &&
      channel.messages.length > 0
    ) {
      report.warning(
        "EVENT_UNSENT",
        { at: channel.at, side: "name" },
        `no service sends ${channel.key}`,
        "Add the operation that sends it.",
      );
    }
  }
}

function name(operation: OperationSpec): { at: string; side: "name" } {
  return { at: operation.at, side: "name" };
}
