/** The door on a real server, for tests: what they send and what comes back. */
import { createServer, type RequestListener } from "node:http";
import { afterAll, expect } from "vitest";
import type { Problem } from "#generated/schemas/problem.ts";

/** The smallest body that is a good one. */
export const ITEMS = { items: [{ product_id: "tea-250", quantity: 2 }] };

export const JSON_TYPE = { "content-type": "application/json" };

/** An answer with its JSON read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Partial<Problem> & Readonly<Record<string, unknown>>;
}

/** A client of one door. */
export interface DoorClient {
  readonly url: string;
  send(
    method: string,
    path: string,
    body?: string | Uint8Array<ArrayBuffer> | null,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Sends a value as JSON to `POST /orders`. */
  post(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
}

/** Puts a door on a server of its own until the tests of the file are over. */
export async function openDoor(listener: RequestListener): Promise<DoorClient> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`;

  const send: DoorClient["send"] = async (method, path, body = null, headers = {}) => {
    const response = await fetch(url + path, { method, headers, ...(body === null ? {} : { body }) });
    const text = await response.text();
    const read: Answer["body"] = text === "" ? {} : JSON.parse(text);
    return { status: response.status, headers: response.headers, body: read };
  };
  return {
    url,
    send,
    post: (body, headers) => send("POST", "/orders", JSON.stringify(body), { ...JSON_TYPE, ...headers }),
  };
}

/** What every refusal must be. */
export function expectProblem(answer: Answer, status: number, code: string): void {
  const { headers, body } = answer;
  expect(answer.status).toBe(status);
  expect(headers.get("content-type")).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    type: "about:blank",
    title: expect.any(String),
    status,
    code,
    detail: expect.any(String),
  });
  expect(body.correlation_id).toBe(headers.get("x-correlation-id"));
  expect(JSON.stringify(body)).not.toMatch(/node_modules|\.ts:|    at /);
}
