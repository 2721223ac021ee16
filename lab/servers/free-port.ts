import { createServer, type Server } from "node:net";

/** A port of the loopback interface that nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnLoopback(server);
  await new Promise((closed) => server.close(closed));
  return port;
}

/** True when somebody listens on the port of the loopback interface. */
export async function isPortTaken(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await listenOnLoopback(server, port);
  } catch {
    return true;
  }
  await new Promise((closed) => server.close(closed));
  return false;
}

/** Lets a server listen on a port of the loopback interface, a free one when none is given, and returns it. */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  await new Promise<void>((listening, failed) => {
    server.once("error", failed);
    server.listen(port, "127.0.0.1", listening);
  });
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("the loopback interface gives no port");
  return address.port;
}
