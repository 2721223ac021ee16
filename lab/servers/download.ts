import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import * as http from "node:http";
import * as https from "node:https";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What to fetch, and what it must be. */
export interface Download {
  readonly url: string;
  readonly file: string;
  /** Hexadecimal. The file is refused when its content has another. */
  readonly sha256: string;
  /** How long a server may take to begin its answer. Short, so that a machine without a way out knows soon. */
  readonly answerMs: number;
  /** Proxies are taken from it: `HTTPS_PROXY`, `HTTP_PROXY`, `NO_PROXY`. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

const MAX_REDIRECTS = 5;

/**
 * Fetches a file over HTTP(S), following redirects. Rejects when there is no answer in time, when the
 * answer is not a file, and when the file is not the one that was asked for; what is then on disk is worthless.
 */
export async function download(options: Download): Promise<void> {
  const answer = await request(options, new URL(options.url), MAX_REDIRECTS);
  const hash = createHash("sha256");
  const digest = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(answer, digest, createWriteStream(options.file), { signal: options.signal });
  const actual = hash.digest("hex");
  if (actual !== options.sha256)
    throw new Error(`${options.url} has SHA-256 ${actual}, and ${options.sha256} is pinned`);
}

async function request(options: Download, url: URL, redirects: number): Promise<http.IncomingMessage> {
  const answer = await firstBytes(options, url);
  const { statusCode = 0, headers } = answer;
  if (statusCode === 200) return answer;
  answer.destroy();
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    if (redirects === 0) throw new Error(`${options.url} redirects more than ${MAX_REDIRECTS} times`);
    return request(options, new URL(headers.location, url), redirects - 1);
  }
  throw new Error(`${url.host} answers ${statusCode} for ${options.url}`);
}

async function firstBytes({ answerMs, env, signal }: Download, url: URL): Promise<http.IncomingMessage> {
  const { get, Agent } = url.protocol === "http:" ? http : https;
  const agent = new Agent({ proxyEnv: env });
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  const sent = get(url, { agent, signal }, resolve);
  sent.on("error", reject);
  const slow = setTimeout(
    () => sent.destroy(new Error(`no answer from ${url.host} in ${answerMs / 1000} s`)),
    answerMs,
  );
  try {
    return await promise;
  } finally {
    clearTimeout(slow);
  }
}
