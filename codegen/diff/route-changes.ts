/** Changes of the HTTP door, whose clients are written against the contract and are not ours to deploy. */
import type { JsonSchema, Model, NamedSchema, Route } from "../model/model.ts";
import { under } from "../spec/pointer.ts";
import type { Change, Direction } from "./change.ts";
import { schemaChanges } from "./schema-changes.ts";
import { structural } from "./structure.ts";

const REMEDY = "Keep what clients rely on, or answer the new form at a path of its own.";
/** What is said of headers where nothing is said: a client sends none, and the server reads none. */
const NO_HEADERS: JsonSchema = { type: "object", properties: {} };

/** Every change of the operations that clients call. */
export function routeChanges(base: Model, current: Model): Change[] {
  const removed = base.routes.filter(({ operation }) => !current.routes.some((route) => route.operation === operation));
  return [
    ...current.routes.flatMap((after) => {
      const before = base.routes.find(({ operation }) => operation === after.operation);
      if (before === undefined) return [addition(after, removed)];
      return [
        ...moves(before, after),
        ...requestChanges(before, after, base, current),
        ...answerChanges(before, after, base, current),
      ];
    }),
    ...removed.filter((route) => !current.routes.some((other) => isSameCall(route, other))).map(removal),
  ];
}

function addition(route: Route, removed: readonly Route[]): Change {
  const renamed = removed.find((other) => isSameCall(route, other));
  const what =
    renamed === undefined ? "is new" : `is ${route.operation}, and was ${renamed.operation}: it is told of as new`;
  // Nothing is known of what a client of the old one may rely on, except that the call is still answered.
  return structural({
    kind: "operation-added",
    id: `${renamed?.operation ?? ""}:${route.operation}`,
    subject: callOf(route),
    what,
    at: route.pointer,
    verdict: renamed === undefined ? "compatible" : "undecided",
    acknowledged: route.acknowledged,
  });
}

function removal(route: Route): Change {
  return structural({
    kind: "operation-removed",
    subject: callOf(route),
    what: "is removed, and clients still call it",
    at: "/channels",
    verdict: "breaking",
    hint: "Put it back until no client calls it.",
  });
}

function moves(before: Route, after: Route): Change[] {
  if (isSameCall(before, after)) return [];
  return [
    structural({
      kind: "operation-moved",
      subject: callOf(after),
      what: `was ${callOf(before)}, which clients still call`,
      at: under(after.pointer, "address"),
      verdict: "breaking",
      hint: "Answer the new one beside the old one.",
    }),
  ];
}

function requestChanges(before: Route, after: Route, base: Model, current: Model): Change[] {
  const body = bodyChanges(before, after, base, current);
  if (before.headers === undefined && after.headers === undefined) return body;
  const bare = { typeName: "", pointer: after.pointer, schema: NO_HEADERS, examples: [] };
  const call = { after, base, current, direction: "backward" } as const;
  return [...body, ...schemasOf("headers", before.headers ?? bare, after.headers ?? bare, call)];
}

function bodyChanges(before: Route, after: Route, base: Model, current: Model): Change[] {
  if (before.body !== undefined && after.body !== undefined) {
    return schemasOf("body", before.body, after.body, { after, base, current, direction: "backward" });
  }
  const subject = `${callOf(after)} body`;
  if (after.body !== undefined) {
    const what = "is asked for, and clients send none";
    return [
      structural({ kind: "body-added", subject, what, at: after.body.pointer, verdict: "breaking", hint: REMEDY }),
    ];
  }
  if (before.body === undefined) return [];
  return [
    structural({ kind: "body-removed", subject, what: "is no longer read", at: after.pointer, verdict: "compatible" }),
  ];
}

function answerChanges(before: Route, after: Route, base: Model, current: Model): Change[] {
  return [
    ...after.responses.flatMap(({ status, body }) => {
      const old = before.responses.find((response) => response.status === status);
      if (old !== undefined)
        return schemasOf(`${status}`, old.body, body, { after, base, current, direction: "forward" });
      const kin = before.responses.some((response) => Math.floor(response.status / 100) === Math.floor(status / 100));
      return [
        structural({
          kind: "answer-added",
          id: `${after.operation}:${status}`,
          subject: `${callOf(after)} ${status}`,
          what: kin ? "is a new answer" : "is an answer of a kind that clients were not told of",
          at: body.pointer,
          // RFC 9110, section 15: a status that is not known counts as the x00 of its class.
          verdict: kin ? "compatible" : "undecided",
          acknowledged: after.acknowledged,
        }),
      ];
    }),
    ...before.responses
      .filter(({ status }) => !after.responses.some((response) => response.status === status))
      .map(({ status }) =>
        structural({
          kind: "answer-removed",
          subject: `${callOf(after)} ${status}`,
          what: "is no longer answered",
          at: after.pointer,
          verdict: "compatible",
        }),
      ),
  ];
}

interface Call {
  readonly after: Route;
  readonly base: Model;
  readonly current: Model;
  readonly direction: Direction;
}

function schemasOf(
  part: string,
  old: NamedSchema,
  now: NamedSchema,
  { after, base, current, direction }: Call,
): Change[] {
  return schemaChanges({
    subject: `${callOf(after)} ${part}`,
    prefix: `${after.operation}:${part}`,
    before: { schema: old.schema, pointer: old.pointer, model: base },
    after: { schema: now.schema, pointer: now.pointer, model: current },
    directions: [direction],
    asked: [direction],
    acknowledged: after.acknowledged ?? [],
    remedy: REMEDY,
  });
}

function callOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

/** Whether a client that calls the one reaches the other; what a parameter is called does not show in a URL. */
function isSameCall(a: Route, b: Route): boolean {
  const shape = ({ path }: Route): string => path.replaceAll(/\{[^}]*\}/g, "{}");
  return a.method === b.method && shape(a) === shape(b);
}
