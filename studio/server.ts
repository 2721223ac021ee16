/** Studio's files and its socket, for browsers of this machine. */
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WebSocketServer } from "ws";
import { listenOnLoopback } from "../lab/servers/free-port.ts";
import type { LiveSockets } from "./live-socket.ts";
import { StudioError } from "./studio-error.ts";
import { isForUs, isFromUs, policyOf } from "./visitors.ts";

/** What the server serves. */
export interface StudioServerOptions {
  /** The folder with Studio's files. */
  readonly files: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly sockets: LiveSockets;
}

/** The server, listening on the loopback interface only. */
export interface StudioServer {
  readonly port: number;
  /** Closes the pages too. What was typed there and never written is kept in files before it resolves. */
  close(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpeg": "image/jpeg",
  ".ico": "image/x-icon",
  ".ttf": "font/ttf",
};

/** No contract is larger. Bytes. */
const MAX_MESSAGE = 32 << 20;

/** Starts the server. Rejects with `StudioError` when the port is taken. */
export async function startStudioServer({ files, port: wanted, sockets }: StudioServerOptions): Promise<StudioServer> {
  const served = await servedFiles(files);
  let port = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refuse = (status: number): void => void response.writeHead(status).end();
    if (!isForUs(request, port)) return refuse(403);
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost");
    if (request.method !== "GET" && request.method !== "HEAD") return refuse(405);
    // Studio looks for its socket where its own address says.
    if (pathname === "/" && searchParams.get("liveServer") !== String(port)) {
      response.writeHead(302, { location: `/?liveServer=${port}` }).end();
      return undefined;
    }
    const path = served.get(pathname === "/" ? "/index.html" : decodePath(pathname));
    if (path === undefined) return refuse(404);
    response.writeHead(200, {
      "content-type": TYPES[extname(path)] ?? "application/octet-stream",
      "content-security-policy": policyOf(port),
      "x-content-type-options": "nosniff",
      // Only the names of built files change with what is in them.
      "cache-control": pathname.startsWith("/_next/static/") ? "max-age=31536000, immutable" : "no-cache",
    });
    createReadStream(path).pipe(response);
  };

  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  const webSockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    if (request.url !== "/live-server" || !isFromUs(request, port)) {
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n");
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      sockets.welcome(webSocket).catch(() => webSocket.terminate());
    });
  });
  port = await listen(server, wanted);

  return {
    port,
    async close() {
      await sockets.closeAll();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** Every file by the path that it is asked for: what is not in the list when the server starts is not there. */
async function servedFiles(files: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(files, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const served = new Map(paths.map((path) => [path.slice(files.length).replaceAll("\\", "/"), path] as const));
  return served.set("/tandem/studio.js", fileURLToPath(new URL("page/studio.js", import.meta.url)));
}

function decodePath(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return "";
  }
}

async function listen(server: Parameters<typeof listenOnLoopback>[0], wanted: number): Promise<number> {
  try {
    return await listenOnLoopback(server, wanted);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES") throw error;
    const why = code === "EACCES" ? "may not be used by you" : "is taken";
    throw new StudioError(`Port ${wanted} ${why}. Name another with --port, or none for one that is free.`, {
      cause: error,
    });
  }
}
