/** What the catalogue says of one event. */
import type { Event, EventVersion, Model, Service, Subscription } from "../../model/model.ts";
import { schemaDocumentPath } from "../schema-document.ts";
import { code, duration, link, paragraph, table, text } from "./markdown.ts";

/** The section of an event: who writes it, where it is kept, its versions, and who reads them how. */
export function eventSection(event: Event, { services, streams }: Model): string {
  const owners = services.filter(({ publishes }) => publishes.includes(event.channel)).map(({ name }) => text(name));
  const stream = streams.find(({ name }) => name === event.stream);
  const kept = stream === undefined ? "" : `, kept for ${duration(stream.maxAgeMs)}`;
  const readers = services.flatMap((service) =>
    service.handles
      .filter(({ channel }) => channel === event.channel)
      .map((subscription) => ({ service, subscription })),
  );
  const { owner } = event;
  const facts = [
    ...(owner === undefined
      ? [`- Published by: ${owners.join(", ") || "nobody"}`]
      : [`- Owned and published by: ${text(owner.contract)}, ${code(owner.document)}`]),
    `- Stream: ${code(event.stream)}${kept}${owner === undefined ? "" : `, of ${text(owner.contract)}`}`,
    `- Key: ${code(event.key)}`,
  ];
  // Most events go to whichever instance asks first, and a column that says so of all says nothing.
  const byClass = readers.some(({ subscription }) => subscription.priority !== undefined);
  return [
    `### ${text(event.name)}`,
    paragraph(event.summary ?? ""),
    facts.join("\n"),
    table(
      ["version", "state", "subject", "what it is", "schema", "read by"],
      event.versions.map((version) => versionRow(event, version, readers)),
    ),
    readers.length === 0
      ? "Nobody reads it."
      : table(
          ["reader", "version", "durable", "order", "tries", "dead letters", ...(byClass ? ["instances"] : [])],
          readers.flatMap(({ service, subscription }) => readerRows(service, subscription, byClass)),
        ),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function versionRow(
  event: Event,
  version: EventVersion,
  readers: readonly { readonly service: Service; readonly subscription: Subscription }[],
): string[] {
  const { number, state, sunset, subject, description, typeName } = version;
  const by = readers
    .filter(({ subscription }) => subscription.durables.some((durable) => durable.version === number))
    .map(({ service }) => text(service.name));
  return [
    number === event.writes ? `**v${number}**, written` : `v${number}`,
    sunset === undefined ? state : `${state}, until ${text(sunset)}`,
    code(subject),
    text(description ?? ""),
    link(text(typeName), schemaDocumentPath(event, version)),
    by.join(", ") || "nobody",
  ];
}

function readerRows({ name }: Service, subscription: Subscription, byClass: boolean): string[][] {
  const { durables, orderedByKey, priority, retry } = subscription;
  return durables.map((durable) => [
    text(name),
    `v${durable.version}`,
    code(durable.name),
    orderedByKey ? "by key" : "any",
    tries(retry),
    durable.deadLetterSubject === "" ? "none" : code(durable.deadLetterSubject),
    ...(byClass ? [instances(priority)] : []),
  ]);
}

/** To which instances the broker gives it. */
function instances(priority: Subscription["priority"]): string {
  if (priority === undefined) return "all alike";
  return priority.policy === "pinned"
    ? `pinned to one, ${duration(priority.timeoutMs)} after it is gone to another`
    : priority.policy;
}

/** `5, after 1 second, doubling up to 20 seconds, with jitter`. */
function tries({ maxAttempts, strategy, delayMs, maxDelayMs, jitter }: Subscription["retry"]): string {
  if (maxAttempts === 1) return "1";
  const growth = strategy === "exponential" ? `, doubling up to ${duration(maxDelayMs)}` : "";
  return `${maxAttempts}, after ${duration(delayMs)}${growth}${jitter ? ", with jitter" : ""}`;
}
