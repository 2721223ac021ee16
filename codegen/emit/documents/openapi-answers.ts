/**
 * What the runtime answers by itself on every path, before a route sees the request or when one fails: part of the
 * interface of a door, though no contract says it.
 */

type Json = Readonly<Record<string, unknown>>;

const PROBLEM_TYPE = "application/problem+json";

/** One answer of the runtime. */
interface DoorAnswer {
  /** Its name under `components/responses`. */
  readonly name: string;
  readonly description: string;
  /** Whether only a request with a body is answered so. */
  readonly ofBodies: boolean;
  readonly saysWhen: boolean;
}

const ANSWERS: Readonly<Record<number, DoorAnswer>> = {
  400: answer("BadRequest", "The request is malformed."),
  408: answer("RequestTimeout", "The request did not arrive in time."),
  413: { ...answer("PayloadTooLarge", "The body is larger than the service reads."), ofBodies: true },
  414: answer("UriTooLong", "The path with its query is longer than the service reads."),
  429: { ...answer("TooManyRequests", "The client sends more requests than one may."), saysWhen: true },
  431: answer("HeadersTooLarge", "The headers are more, or larger, than the service reads."),
  500: answer("InternalServerError", "The service failed; its log says why, under the id of the request."),
  503: {
    ...answer(
      "ServiceUnavailable",
      "The service is starting, stopping, has its hands full, or too much of what it accepted still waits to be published.",
    ),
    saysWhen: true,
  },
};

/** The answer by its status, as a reference to `components/responses`; those that the contract says come first. */
export function doorAnswers(takesBody: boolean): Readonly<Record<string, Json>> {
  const given = Object.entries(ANSWERS).filter(([, { ofBodies }]) => takesBody || !ofBodies);
  return Object.fromEntries(given.map(([status, { name }]) => [status, { $ref: `#/components/responses/${name}` }]));
}

/** The headers of every answer, for `components/headers`. */
export const DOOR_HEADERS: Json = {
  "Retry-After": {
    description: "Seconds after which it makes sense to try again.",
    schema: { type: "integer", minimum: 0 },
  },
  "X-Request-Id": {
    description: "The id of this request, which the log of the service has on every line about it.",
    schema: { type: "string", minLength: 1, maxLength: 128 },
  },
};

/** The same as members of an answer's `headers`. */
export const REQUEST_ID_HEADER: Json = { "X-Request-Id": { $ref: "#/components/headers/X-Request-Id" } };

/**
 * The answers for `components/responses`.
 * @param schema the name of the schema of their bodies under `components/schemas`
 */
export function doorResponses(schema: string): Json {
  return Object.fromEntries(
    Object.values(ANSWERS).map(({ name, description, saysWhen }) => [
      name,
      {
        description,
        headers: {
          ...(saysWhen && { "Retry-After": { $ref: "#/components/headers/Retry-After" } }),
          ...REQUEST_ID_HEADER,
        },
        content: { [PROBLEM_TYPE]: { schema: { $ref: `#/components/schemas/${schema}` } } },
      },
    ]),
  );
}

/** The schema of their bodies: a problem document of RFC 9457. */
export const DOOR_PROBLEM: Json = {
  description: "What was wrong, as RFC 9457 has it.",
  type: "object",
  required: ["type", "title", "status", "code"],
  properties: {
    type: { type: "string" },
    title: { type: "string" },
    status: { type: "integer" },
    code: { type: "string", description: "Stable, for programs." },
    detail: { type: "string" },
    request_id: { type: "string", description: "The same as the header X-Request-Id." },
  },
};

function answer(name: string, description: string): DoorAnswer {
  return { name, description, ofBodies: false, saysWhen: false };
}
