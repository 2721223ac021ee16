/** The demo as a stranger runs it: what it shows, how it ends, and that nothing stays behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";
import { fileURLToPath } from "node:url";
import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../lab/testing/eventually.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const LIMIT = { deadlineMs: 90_000 };

it("shows every event, keeps running when asked, and leaves nothing behind after Ctrl-C", async () => {
  const demo = startDemo(["--keep"], {});
  await eventually(() => {
    if (demo.ended) throw new Error(`the demo ended:\n${demo.output}`);
    expect(demo.output).toContain("Ctrl-C ends it");
  }, LIMIT);

  for (const event of [
    "orders.created",
    "inventory.reserved",
    "inventory.rejected",
    "orders.payable",
    "payments.succeeded",
    "payments.failed",
    "orders.confirmed",
    "orders.cancelled",
  ]) {
    expect(demo.output).toMatch(new RegExp(String.raw`^ +\w+ +\+\d+ ms +${event} +v1 +\w+$`, "m"));
  }
  const rows = ["tea", "pots", "kettle", "cups"].map((label) =>
    new RegExp(String.raw`^ +${label} \w{8} +.+ (confirmed|cancelled) +(.+)$`, "m").exec(demo.output),
  );
  expect(rows.map((row) => row?.slice(1))).toEqual([
    ["confirmed", "paid 9.00 EUR"],
    ["cancelled", "insufficient_stock"],
    ["cancelled", "payment_failed"],
    ["confirmed", "paid 21.00 EUR"],
  ]);

  const ports = new Set([...demo.output.matchAll(/127\.0\.0\.1:(\d+)/g)].map(([, port]) => Number(port)));
  // Three services, the steward, the gateway, NATS, PostgreSQL.
  expect(ports.size).toBe(7);
  for (const port of ports) expect({ port, open: await isOpen(port) }).toEqual({ port, open: true });

  demo.process.kill("SIGINT");
  await eventually(() => expect(demo.ended).toEqual({ code: 0, signal: null }), LIMIT);
  for (const port of ports) expect({ port, open: await isOpen(port) }).toEqual({ port, open: false });
});

it("ends with 130 when it is interrupted before it is done", async () => {
  const demo = startDemo([], {});
  await eventually(() => expect(demo.output).toContain("nats-server"), LIMIT);
  demo.process.kill("SIGINT");
  await eventually(() => expect(demo.ended).toEqual({ code: 130, signal: null }), LIMIT);
});

it("says what is wrong with a server that does not answer, and ends with 1", async () => {
  const demo = startDemo([], { NATS_URL: "nats://127.0.0.1:1" });
  await eventually(() => expect(demo.ended).toEqual({ code: 1, signal: null }), LIMIT);
  expect(demo.output).toContain("NATS_URL");
  expect(demo.output).not.toContain("    at ");
});

it("refuses arguments that it does not know", async () => {
  const demo = startDemo(["--fast"], {});
  await eventually(() => expect(demo.ended).toEqual({ code: 2, signal: null }));
  expect(demo.output).toContain("--fast");
});

interface Demo {
  readonly process: ChildProcess;
  readonly output: string;
  readonly ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null } | undefined;
}

function startDemo(words: readonly string[], env: Readonly<Record<string, string>>): Demo {
  const child = spawn(process.execPath, ["lab/demo/main.ts", ...words], {
    cwd: ROOT,
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let ended: Demo["ended"];
  // A test that failed half-way must not leave a system running.
  onTestFinished(() => void (ended === undefined && child.kill("SIGTERM")));
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.once("close", (code, signal) => (ended = { code, signal }));
  return {
    process: child,
    get output() {
      return output;
    },
    get ended() {
      return ended;
    },
  };
}

async function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    return await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
  } finally {
    socket.destroy();
  }
}
