import { describe, expect, it } from "vitest";
import type { Settlement } from "../broker.ts";
import { settlementBytes } from "./answers.ts";

const cases: [Settlement, string][] = [
  [{ kind: "ack" }, "+ACK"],
  [{ kind: "retry", delayMs: 0 }, "-NAK"],
  [{ kind: "retry", delayMs: -5 }, "-NAK"],
  [{ kind: "retry", delayMs: 1_500 }, '-NAK {"delay":1500000000}'],
  [{ kind: "retry", delayMs: 0.7 }, '-NAK {"delay":1000000}'],
  [{ kind: "terminate", reason: "no such\r\norder" }, "+TERM no such order"],
];

describe("settlementBytes", () => {
  it.each(cases)("writes %j as %s", (settlement, bytes) => {
    expect(new TextDecoder().decode(settlementBytes(settlement))).toBe(bytes);
  });
});
