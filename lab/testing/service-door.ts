/** The HTTP server that the runtime gives a service, with the service's own routes open. */
import type { RequestListener } from "node:http";
import type { Logger } from "pino";
import { afterAll } from "vitest";
import { openDoor, type Door } from "../../runtime/http/door.ts";
import { standardLimits, type DoorLimits } from "../../runtime/http/limits.ts";

const opened: Door[] = [];
afterAll(async () => Promise.all(opened.splice(0).map(async (door) => door.close())));

/** A server on a free port, closed after the tests of the file. It says that the service is ready, and has no metrics. */
export async function serviceDoorForTest(
  listener: RequestListener,
  log: Logger,
  { limits = {}, openapi }: { readonly limits?: Partial<DoorLimits>; readonly openapi?: unknown } = {},
): Promise<Door> {
  const door = await openDoor({
    host: "127.0.0.1",
    port: 0,
    log,
    // One machine plays all the strangers.
    limits: { ...standardLimits(), rate: 0, ...limits },
    answers: {
      metrics: async () => ({ type: "text/plain", text: "" }),
      ready: async () => ({ ready: true, body: {} }),
      openapi,
    },
  });
  opened.push(door);
  door.serve(listener);
  return door;
}
