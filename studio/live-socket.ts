/** What Studio and this process say to each other over its socket. */
import type { WebSocket } from "ws";
import type { LiveFile } from "./live-file.ts";

/** The Studios that are open. */
export interface LiveSockets {
  /** Gives a Studio the file, and takes its changes from then on. */
  welcome(socket: WebSocket): Promise<void>;
  /** Shows a text that is new to all of them, or to all but one. */
  show(text: string): void;
  /** Says that the file is gone. */
  showRemoved(): void;
  closeAll(): void;
}

/** Connects Studios with the file. What goes wrong is told to `onFault`. */
export function liveSockets(file: () => LiveFile, onFault: (error: unknown) => void): LiveSockets {
  /** What each of them has; undefined while that is on its way. */
  const open = new Map<WebSocket, string | undefined>();

  const send = (socket: WebSocket, type: "file:loaded" | "file:changed", text: string): void => {
    open.set(socket, undefined);
    socket.send(JSON.stringify({ type, code: text }));
    // It is answered in its turn: what arrives before the answer was sent by a Studio that had not read the text.
    socket.ping(Buffer.from([0]));
    socket.once("pong", () => open.set(socket, text));
  };

  const receive = async (socket: WebSocket, text: string): Promise<void> => {
    const base = open.get(socket);
    // Said first, so that it is not sent what it has.
    open.set(socket, text);
    const outcome = await file().offer(text, base);
    if (outcome === "conflict" && open.get(socket) === text) open.set(socket, base);
  };

  return {
    async welcome(socket) {
      socket.on("error", onFault);
      socket.on("close", () => open.delete(socket));
      const text = await file().take();
      send(socket, "file:loaded", text ?? "");
      socket.on("message", (data) => {
        const code = updateIn(Buffer.isBuffer(data) ? data.toString() : "");
        if (code !== undefined) receive(socket, code).catch(onFault);
      });
    },
    show(text) {
      for (const [socket, has] of open) if (has !== text) send(socket, "file:changed", text);
    },
    showRemoved() {
      for (const socket of open.keys()) socket.send(JSON.stringify({ type: "file:deleted" }));
    },
    closeAll() {
      for (const socket of open.keys()) socket.terminate();
    },
  };
}

/** The text of a change; undefined for everything else that Studio may say. */
function updateIn(message: string): string | undefined {
  try {
    const said: unknown = JSON.parse(message);
    if (typeof said !== "object" || said === null || !("type" in said) || !("code" in said)) return undefined;
    return said.type === "file:update" && typeof said.code === "string" ? said.code : undefined;
  } catch {
    return undefined;
  }
}
