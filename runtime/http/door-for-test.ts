/** Doors on free ports, for tests: what they refuse and what they log. */
import type { RequestListener } from "node:http";
import { connect, type Socket } from "node:net";
import { pino } from "pino";
import { openDoor, type Door, type DoorOptions } from "./door.ts";
import { standardLimits, type DoorLimits } from "./limits.ts";

/** What doors of one test did. */
export interface DoorsForTest {
  /** Why requests were refused, in order. */
  readonly refused: string[];
  /** The lines of their logs, of every level. */
  readonly lines: Record<string, unknown>[];
  /** Opens one with some limits other than those of the settings. Its route answers `in` unless another is given. */
  open(limits?: Partial<DoorLimits>, route?: RequestListener, more?: Partial<DoorOptions>): Promise<Door>;
  /** Closes them all and forgets what they did. */
  close(): Promise<void>;
}

/** The doors of one test file. */
export function doorsForTest(): DoorsForTest {
  const doors: Door[] = [];
  const refused: string[] = [];
  const lines: Record<string, unknown>[] = [];
  const write = (line: string): void => {
    const read: unknown = JSON.parse(line);
    if (typeof read === "object" && read !== null) lines.push({ ...read });
  };
  const log = pino({ level: "trace" }, { write });
  return {
    refused,
    lines,
    open: async (limits = {}, route = (_, response) => void response.end("in"), more = {}) => {
      const door = await openDoor({
        host: "127.0.0.1",
        port: 0,
        limits: { ...standardLimits(), ...limits },
        answers: {
          metrics: async () => ({ type: "text/plain", text: "a 1\n" }),
          ready: async () => ({ ready: true, body: {} }),
        },
        onRefused: (reason) => refused.push(reason),
        log,
        ...more,
      });
      doors.push(door);
      door.serve(route);
      return door;
    },
    close: async () => {
      await Promise.all(doors.splice(0).map(async (door) => door.close()));
      refused.length = 0;
      lines.length = 0;
    },
  };
}

/** Everything that a connection is sent until the server closes it. */
export async function everything({ port }: Door, bytes: string): Promise<string> {
  const socket = connect(port, "127.0.0.1");
  let text = "";
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.write(bytes);
  await closed(socket);
  return text;
}

/** Resolves when a connection is closed, also by an error: the server may end it in the midst of what is sent. */
export async function closed(socket: Socket): Promise<void> {
  socket.on("error", () => undefined);
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
}
