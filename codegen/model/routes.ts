/** The operations of the HTTP door. */
import { compareText } from "../diagnostic.ts";
import { type Contract, type MessageSpec, METHODS, type OperationSpec } from "../spec/contract.ts";
import { isObject } from "../spec/json.ts";
import { child, children, type Node } from "../spec/node.ts";
import { under } from "../spec/pointer.ts";
import { isText } from "../spec/properties.ts";
import type { Report } from "../spec/report.ts";
import { channelsOf } from "../spec/roles.ts";
import { acknowledgedIn, buildExamples } from "./events.ts";
import type { Example, JsonSchema, NamedSchema, Route } from "./model.ts";
import { fileNameOf, headersTypeOf, type Names, typeNameOf } from "./names.ts";
import { orderedNames } from "./schema-shape.ts";
import type { Schemas } from "./schemas.ts";
import { sensitivePointers } from "./sensitive.ts";

/** What a schema of headers may say: HTTP carries headers that no contract names, and their names fold case. */
const HEADER_KEYWORDS = new Set(["type", "properties", "required", "title", "description", "examples", "$comment"]);

/** Every operation of the HTTP door, sorted by channel key. */
export function buildRoutes(contract: Contract, schemas: Schemas, names: Names, report: Report): readonly Route[] {
  const doors = new Set(channelsOf(contract, "route"));
  return contract.operations
    .filter(({ channel }) => doors.has(channel))
    .map((operation) => buildRoute(operation, schemas, names, report))
    .toSorted((a, b) => compareText(a.operation, b.operation));
}

function buildRoute(operation: OperationSpec, schemas: Schemas, names: Names, report: Report): Route {
  const { channel } = operation;
  const what = `the HTTP operation ${channel.key}`;
  names.checkValueKey(channel.key, channel.at, "an HTTP operation");
  names.take("value", channel.key, operation.at, what);
  names.take("file in http/", fileNameOf(channel.key), operation.at, what);
  const request = operation.messages[0]?.value.message;
  const answers = operation.reply?.messages.map(({ value }) => value.message) ?? [];
  return {
    operation: channel.key,
    file: fileNameOf(channel.key),
    pointer: channel.at,
    service: operation.service?.value ?? "",
    method: METHODS.find((method) => method === operation.http?.method?.value) ?? "POST",
    path: channel.address?.value ?? "",
    summary: operation.summary ?? channel.summary,
    body: request === undefined ? undefined : buildBody(request, schemas, names),
    headers:
      request?.headers === undefined ? undefined : buildHeaders(request, request.headers, schemas, names, report),
    responses: answers
      .flatMap((answer) => {
        const body = buildBody(answer, schemas, names);
        return body === undefined || answer.status === undefined ? [] : [{ status: answer.status.value, body }];
      })
      .toSorted((a, b) => a.status - b.status),
    sensitive: request?.payload === undefined ? [] : sensitivePointers(request.payload, report),
    ...acknowledgedIn(...(request === undefined ? [] : [request]), ...answers),
  };
}

function buildBody(message: MessageSpec, schemas: Schemas, names: Names): NamedSchema | undefined {
  if (message.payload === undefined) return undefined;
  names.checkTypeKey(message.key, message.at, "a message");
  names.take("type", typeNameOf(message.key), message.at, `the message ${message.key}`);
  return {
    typeName: typeNameOf(message.key),
    pointer: message.payload.at,
    schema: schemas.of(message.payload),
    examples: buildExamples(message.examples),
  };
}

function buildHeaders(
  message: MessageSpec,
  headers: Node,
  schemas: Schemas,
  names: Names,
  report: Report,
): NamedSchema {
  checkHeaders(headers, report);
  const typeName = headersTypeOf(message.key);
  names.take("type", typeName, headers.at, `the headers of ${message.key}`);
  return {
    typeName,
    pointer: headers.at,
    schema: lowerCased(schemas.whole(headers)),
    examples: headerExamples(message),
  };
}

/** The examples that have headers, under the names that the schema gives them. */
function headerExamples({ examples }: MessageSpec): readonly Example[] {
  return examples.flatMap(({ at, name, headers }) =>
    isObject(headers?.value)
      ? [
          {
            pointer: at,
            name,
            payload: Object.fromEntries(
              Object.entries(headers.value).map(([key, value]) => [key.toLowerCase(), value]),
            ),
          },
        ]
      : [],
  );
}

function checkHeaders(headers: Node, report: Report): void {
  if (!isObject(headers.value)) return;
  for (const keyword of Object.keys(headers.value)) {
    if (HEADER_KEYWORDS.has(keyword) || keyword.startsWith("x-")) continue;
    const hint = "Headers are described by type, properties and required.";
    report.error(
      "ROUTE_UNSUPPORTED",
      { at: under(headers.at, keyword), side: "name" },
      `${keyword} in headers is unsupported`,
      hint,
    );
  }
  const seen = new Map<string, string>();
  for (const [name, schema] of children(child(headers, "properties"))) {
    const place = { at: under(headers.at, "properties", name), side: "name" } as const;
    const first = seen.get(name.toLowerCase());
    if (first !== undefined) {
      report.error("NAME_COLLISION", place, `${name} and ${first} are one header`, "Keep one of the two.");
    }
    seen.set(name.toLowerCase(), name);
    if (!isText([schema])) {
      report.error(
        "ROUTE_UNSUPPORTED",
        place,
        `the header ${name} is not a string`,
        "Headers are strings: give it type: string, and a pattern if need be.",
      );
    }
  }
}

/** The schema over an object of lower-case header names. */
function lowerCased(schema: JsonSchema): JsonSchema {
  if (typeof schema === "boolean") return schema;
  const { properties, required } = schema;
  return {
    ...schema,
    ...(isObject(properties)
      ? {
          properties: Object.fromEntries(
            orderedNames(schema, "properties").map((name) => [name.toLowerCase(), properties[name]]),
          ),
        }
      : {}),
    ...(Array.isArray(required) ? { required: required.map((name) => String(name).toLowerCase()) } : {}),
  };
}
