import { describe, expect, it } from "vitest";
import { openLog } from "../log.ts";
import { hide, hiding, keepSecret } from "./hidden-values.ts";
import { redactData, redactLine, redactText } from "./redact.ts";

const SEED = `SU${"A".repeat(56)}`;

describe("a secret by its looks", () => {
  it.each([
    ["cannot reach nats://me:hunter2@broker:4222", "cannot reach nats://[redacted]@broker:4222"],
    ["postgres://order:p%40ss@db/orders?x=1", "postgres://[redacted]@db/orders?x=1"],
    ["Authorization: Bearer abc.def-123", "Authorization: [redacted]"],
    ["sent Basic dXNlcjpwYXNz to it", "sent Basic [redacted] to it"],
    ["cookie: session=1; theme=dark\r\nhost: x", "cookie: [redacted]\r\nhost: x"],
    ["password=hunter2, user=me", "password=[redacted], user=me"],
    [`seed ${SEED} is wrong`, "seed [redacted] is wrong"],
    ["jwt eyJhbGciOiJFZDI1.eyJzdWIiOiJVQ.c2lnbmF0dXJl", "jwt [redacted]"],
    ["-----BEGIN USER NKEY SEED-----\nSUAB\n------END USER NKEY SEED------", "[redacted]"],
    [
      "nothing secret at https://docs.example/a@b and me@example.com",
      "nothing secret at https://docs.example/a@b and me@example.com",
    ],
    [
      "orders.created of order 6f8d7c1e-6c5b-4b0e-9a55-0d1f6f5f7a01",
      "orders.created of order 6f8d7c1e-6c5b-4b0e-9a55-0d1f6f5f7a01",
    ],
  ])("%j", (text, shown) => {
    expect(redactText(text)).toBe(shown);
  });

  it("is hidden by its name too, and the rest stays as it was", () => {
    expect(
      redactData({
        headers: { Authorization: ["x"], "Set-Cookie": "y" },
        token: "t",
        n: 1,
        no: null,
        list: ["a", true],
      }),
    ).toEqual({
      headers: { Authorization: "[redacted]", "Set-Cookie": "[redacted]" },
      token: "[redacted]",
      n: 1,
      no: null,
      list: ["a", true],
    });
  });
});

describe("a value that is hidden", () => {
  const body = {
    customer: { id: "c-1001", age: 7, card: 4_111_111 },
    notes: [{ text: 'say "hi"\n' }],
    to: "x",
    z: "ab",
  };

  it("is in no text, however it is quoted, while its work runs", async () => {
    await hiding(async () => {
      hide(["/customer", "/notes/*/text", "/z", "/nothing/here"], body);
      await Promise.resolve();
      const quoted = JSON.stringify({ again: JSON.stringify(body) });
      for (const secret of ["c-1001", "4111111", "say", "hi"]) expect(redactText(quoted)).not.toContain(secret);
      expect(redactText('"c-1001" is no uuid; card 4111111, age 7, to x; ab, about, ab.')).toBe(
        '"[redacted]" is no uuid; card [redacted], age 7, to x; [redacted], about, [redacted].',
      );
      expect(redactText(`/customers/${encodeURIComponent('say "hi"\n')}`)).toBe("/customers/[redacted]");
      expect(redactData({ card: 4_111_111, delivery: 1 })).toEqual({ card: "[redacted]", delivery: 1 });
    });
    expect(redactText("c-1001")).toBe("c-1001");
  });

  it("is hidden in its own work only", async () => {
    const shown = await Promise.all(
      ["alice-1", "alice-2"].map(async (id) =>
        hiding(async () => {
          hide(["/id"], { id });
          await Promise.resolve();
          return redactText("alice-1 alice-2");
        }),
      ),
    );
    expect(shown).toEqual(["[redacted] alice-2", "alice-1 [redacted]"]);
  });

  it("is in no line of a log: message, fields, errors and their causes; the line is still JSON", () => {
    const lines: string[] = [];
    const log = openLog({ service: "order", level: "silent", file: undefined, onLine: (line) => lines.push(line) });
    hiding(() => {
      hide(["/id"], { id: 'mark"1' });
      const error = Object.assign(new Error('no mark"1', { cause: new Error('Key (id)=(mark"1)') }), {
        detail: "Failing row contains (other-secret)",
        where: "PL/pgSQL other-secret",
      });
      log.child({ who: 'mark"1' }).error({ err: error, nested: { deep: ['mark"1'] } }, 'with mark"1');
    });
    expect(lines).toHaveLength(1);
    const [line = ""] = lines;
    expect(JSON.parse(line)).toMatchObject({ level: "error", service: "order", msg: "with [redacted]" });
    expect(line).not.toMatch(/mark|other-secret/);
  });

  it("is hidden for good when it is a secret of the process", () => {
    keepSecret("nats://me:s3cr%23t@broker");
    keepSecret("plain-key");
    keepSecret("abc");
    expect(redactText("s3cr#t plain-key abc")).toBe("[redacted] [redacted] abc");
    expect(redactLine('{"level":"info","msg":"plain-key"}\n')).toBe('{"level":"info","msg":"[redacted]"}\n');
    expect(redactLine("no JSON: plain-key\n")).toBe("no JSON: [redacted]\n");
  });
});
