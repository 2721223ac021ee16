import { expect, it } from "vitest";
import { assertTaken } from "./taken.ts";

const asked = { atomicBatches: true, maxAgeMs: 5, metadata: { "tandem.contract": "Orders" } };
const server = { version: "2.15.1" };

it("takes an answer that holds what was asked for, and more", () => {
  const answered = { ...asked, metadata: { ...asked.metadata, by: "hand" }, maxBytes: -1 };
  expect(() => assertTaken("stream ORDERS", asked, answered, server)).not.toThrow();
});

it("names every setting that a server left out, and since when servers have it", () => {
  const answered = { maxAgeMs: 5, metadata: {}, atomicBatches: false };
  expect(() => assertTaken("stream ORDERS", asked, answered, server)).toThrow(
    "The server did not take over atomicBatches (nats-server 2.12.0), metadata (nats-server 2.10.0) of stream ORDERS. It said that it is 2.15.1;",
  );
});
