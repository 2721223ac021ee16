/** Rules for the HTTP door: a method, at most one request message, one message for each status. */
import { type Contract, type MessageUse, METHODS, type OperationSpec, type Said } from "../contract.ts";
import type { Report } from "../report.ts";
import { rolesOf } from "../roles.ts";
import { meant } from "../../suggest.ts";

export function lintRoutes(contract: Contract, report: Report): void {
  const roles = rolesOf(contract);
  const answered = new Map<string, OperationSpec>();
  for (const operation of contract.operations) {
    if (roles.get(operation.channel) !== "route") continue;
    const place = { at: operation.at, side: "name" } as const;
    if (operation.action === "send") {
      report.error(
        "ROUTE_UNSUPPORTED",
        place,
        `${operation.key}: calling over HTTP is unsupported`,
        "The HTTP door receives: write action: receive.",
      );
      continue;
    }
    lintMethod(operation, report);
    lintMessages(operation, report);
    if (operation.http?.query !== undefined) {
      report.error(
        "ROUTE_UNSUPPORTED",
        { at: operation.http.query, side: "name" },
        "query parameters are unsupported",
        "Put them into the path or the body.",
      );
    }
    // Parameters have names for people; a router sees only where they are.
    const identity = `${operation.http?.method?.value} ${operation.channel.address?.value.replace(/\{[^}]*\}/g, "{}")}`;
    const first = answered.get(identity);
    if (first === undefined) answered.set(identity, operation);
    else {
      report.error("ROUTE_DUPLICATE", place, `${first.key} answers the same method and path`, "Keep one of the two.");
    }
  }
}

function lintMethod(operation: OperationSpec, report: Report): void {
  const method = operation.http?.method;
  const names: readonly string[] = METHODS;
  if (method === undefined) {
    const hint = "Add bindings: { http: { method: POST } }.";
    report.error(
      "ROUTE_METHOD",
      { at: operation.http?.at ?? operation.at, side: "name" },
      `${operation.key} does not say its method`,
      hint,
    );
  } else if (!names.includes(method.value)) {
    report.error("ROUTE_METHOD", method.at, `the method ${method.value} is unsupported`, meant(method.value, names));
  }
}

function lintMessages(operation: OperationSpec, report: Report): void {
  const [, ...more] = operation.messages;
  for (const { value, at } of more) {
    report.error(
      "ROUTE_MESSAGES",
      at,
      `${operation.key} takes more than one message: ${value.key}`,
      "One request has one body: join them with oneOf.",
    );
  }
  const method = operation.http?.method?.value;
  const body = operation.messages[0]?.value.message.payload;
  if ((method === "GET" || method === "DELETE") && body !== undefined) {
    report.error(
      "ROUTE_MESSAGES",
      operation.messages[0]?.at ?? operation.at,
      `a ${method} request has no body`,
      "Remove the payload of its message.",
    );
  }
  if (operation.reply === undefined || operation.reply.messages.length === 0) {
    const hint = "Add reply with the messages that it answers with.";
    report.error("ROUTE_MESSAGES", { at: operation.at, side: "name" }, `${operation.key} answers nothing`, hint);
    return;
  }
  lintAnswers(operation.reply.messages, report);
}

function lintAnswers(answers: readonly Said<MessageUse>[], report: Report): void {
  const byStatus = new Map<number, MessageUse>();
  for (const { value, at } of answers) {
    const { status } = value.message;
    if (status === undefined || !Number.isInteger(status.value) || status.value < 100 || status.value > 599) {
      const hint = "Add bindings: { http: { statusCode: 200 } } to the message.";
      report.error(
        "ROUTE_STATUS",
        status?.at ?? { at: value.message.at, side: "name" },
        `${value.key} does not say with which status it answers`,
        hint,
      );
      continue;
    }
    const first = byStatus.get(status.value);
    if (first === undefined) byStatus.set(status.value, value);
    else {
      report.error(
        "ROUTE_STATUS",
        at,
        `${first.key} answers with status ${status.value} already`,
        "One status has one body: join them with oneOf.",
      );
    }
    if (value.message.payload === undefined) {
      report.error("ROUTE_MESSAGES", at, `${value.key} has no payload`, "Give it one.");
    }
  }
}
