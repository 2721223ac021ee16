/** Reads request bodies: JSON in UTF-8, and nothing else. */
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";

/** Refuses a body that says it is something else, before a byte of it is read. */
export function requireJson({ headers }: FastifyRequest): void {
  if (!/^application\/json\s*(;|$)/i.test(headers["content-type"] ?? "")) {
    throw new Problem("CONTENT_TYPE_UNSUPPORTED", "Send the body as application/json.");
  }
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    throw new Problem("CONTENT_ENCODING_UNSUPPORTED", "Send the body without a content encoding.");
  }
}

/** Makes JSON the one content type that is read. */
export function acceptJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_request: FastifyRequest, body: Buffer) =>
    parse(body),
  );
}

/**
 * Plain JSON.parse on purpose: it makes `__proto__` a property like any other, which the contract then
 * refuses with its path, and its message says where the text stops being JSON.
 */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    const why = error instanceof SyntaxError ? error.message : "its bytes are not UTF-8";
    throw new Problem("BODY_NOT_JSON", `The body is not JSON: ${why}.`, { cause: error });
  }
}
