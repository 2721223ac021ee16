/** Reads request bodies: JSON in UTF-8, and nothing else. */
import { readJson } from "@tandem/runtime";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Problem } from "./problem.ts";

/** Refuses a body that says it is something else, before a byte of it is read. */
export function requireJson({ headers }: FastifyRequest): void {
  const type = headers["content-type"] ?? "";
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    throw new Problem("CONTENT_TYPE_UNSUPPORTED", "Send the body as application/json.");
  }
  const [, charset = "utf-8"] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(type) ?? [];
  if (!/^(utf-?8|us-ascii)$/i.test(charset)) {
    throw new Problem("CONTENT_TYPE_UNSUPPORTED", "Send the body in UTF-8, as JSON is, or name no charset.");
  }
  if ((headers["content-encoding"] ?? "identity").toLowerCase() !== "identity") {
    throw new Problem("CONTENT_ENCODING_UNSUPPORTED", "Send the body without a content encoding.");
  }
  // Node takes the chunks apart and leaves what is in them encoded.
  if ((headers["transfer-encoding"] ?? "chunked").toLowerCase() !== "chunked") {
    throw new Problem("CONTENT_ENCODING_UNSUPPORTED", "Send the body without a transfer encoding other than chunked.");
  }
}

/**
 * Makes JSON the one content type that is read.
 * @param depth levels of arrays and objects at most
 */
export function acceptJsonOnly(app: FastifyInstance, depth: number): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_: FastifyRequest, body: Buffer) => {
    const read = readJson(body, depth);
    if ("fault" in read) throw new Problem("BODY_NOT_JSON", `The body is not JSON that can be read: ${read.fault}.`);
    return read.value;
  });
}
