/** The language server that editors run for YAML, spoken to as an editor does. */
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/** A place in a text; both count from 0. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** What the server says is wrong. */
export interface EditorDiagnostic {
  readonly message: string;
  readonly range: { readonly start: Position };
}

/** An editor with the server behind it. */
export interface Editor {
  /** Opens a text under a path, which its modeline's path is relative to; resolves with what is wrong in it. */
  open(path: string, text: string): Promise<readonly EditorDiagnostic[]>;
  /** What it offers there. */
  complete(path: string, position: Position): Promise<readonly string[]>;
  /** What it shows there; empty when nothing. */
  hover(path: string, position: Position): Promise<string>;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
}

/** Starts the server, with the settings that it has by itself, but no list of schemas from the web. */
export async function startEditor(): Promise<Editor> {
  const home = dirname(createRequire(import.meta.url).resolve("yaml-language-server/package.json"));
  const child = spawn(process.execPath, [join(home, "bin/yaml-language-server"), "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const answers = new Map<number, (result: unknown) => void>();
  const diagnosed = new Map<string, (diagnostics: readonly EditorDiagnostic[]) => void>();
  let last = 0;

  const send = (message: Message): void => {
    const text = JSON.stringify({ jsonrpc: "2.0", ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  };
  const ask = async (method: string, params: unknown): Promise<unknown> => {
    last += 1;
    const { promise, resolve } = Promise.withResolvers<unknown>();
    answers.set(last, resolve);
    send({ id: last, method, params });
    return await promise;
  };
  const receive = ({ id, method, params, result }: Message): void => {
    if (method === undefined) {
      if (id !== undefined) answers.get(id)?.(result);
    } else if (method === "textDocument/publishDiagnostics") {
      const { uri, diagnostics } = params as { uri: string; diagnostics: readonly EditorDiagnostic[] };
      diagnosed.get(uri)?.(diagnostics);
    } else if (method === "workspace/configuration" && id !== undefined) {
      const { items } = params as { items: readonly { section?: string }[] };
      send({ id, result: items.map(({ section }) => (section === "yaml" ? SETTINGS : {})) });
    } else if (id !== undefined) {
      send({ id, result: null });
    }
  };
  readMessages(child.stdout, receive);
  await ask("initialize", {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true } },
        hover: { contentFormat: ["markdown"] },
        publishDiagnostics: {},
      },
      workspace: { configuration: true },
    },
  });
  send({ method: "initialized", params: {} });
  send({ method: "workspace/didChangeConfiguration", params: { settings: { yaml: SETTINGS } } });

  const at = (path: string, position: Position) => ({ textDocument: { uri: pathToFileURL(path).href }, position });
  return {
    async open(path, text) {
      const uri = pathToFileURL(path).href;
      const { promise, resolve } = Promise.withResolvers<readonly EditorDiagnostic[]>();
      diagnosed.set(uri, resolve);
      send({ method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "yaml", version: 1, text } } });
      return await promise;
    },
    async complete(path, position) {
      const result = (await ask("textDocument/completion", at(path, position))) as {
        readonly items?: readonly { readonly label: string }[];
      } | null;
      return (result?.items ?? []).map(({ label }) => label);
    },
    async hover(path, position) {
      const result = (await ask("textDocument/hover", at(path, position))) as {
        readonly contents: { readonly value: string };
      } | null;
      return result?.contents.value ?? "";
    },
    close: () => void child.kill(),
  };
}

const SETTINGS = { validate: true, completion: true, hover: true, schemaStore: { enable: false } };

/** Cuts a stream into messages: a header that says how long each is, and its text. */
function readMessages(stream: NodeJS.ReadableStream, receive: (message: Message) => void): void {
  let buffer = Buffer.alloc(0);
  stream.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf("\r\n\r\n");
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(end, 0)).toString())?.[1]);
      if (end < 0 || Number.isNaN(length) || buffer.length < end + 4 + length) return;
      const message: Message = JSON.parse(buffer.subarray(end + 4, end + 4 + length).toString());
      buffer = buffer.subarray(end + 4 + length);
      receive(message);
    }
  });
}
