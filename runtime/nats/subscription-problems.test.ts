import { JetStreamApiError } from "@nats-io/jetstream";
import { errors, PermissionViolationError } from "@nats-io/transport-node";
import { describe, expect, it } from "vitest";
import { explainMissing } from "./subscription-problems.ts";

const explain = (error: unknown) => explainMissing(error, "ORDERS", "inventory-orderCreated-v1");

describe("explainMissing", () => {
  it("says which durable is missing and what makes it", () => {
    const error = new JetStreamApiError({ code: 404, err_code: 10014, description: "consumer not found" });
    expect(explain(error)).toBe(
      "durable inventory-orderCreated-v1 does not exist on stream ORDERS; run `npm run ops -- provision`",
    );
  });

  it("says which stream is missing", () => {
    const error = new JetStreamApiError({ code: 404, err_code: 10059, description: "stream not found" });
    expect(explain(error)).toMatch(/stream ORDERS does not exist.*provision/);
  });

  it("sees through the client's wrappers", () => {
    const nobody = new errors.RequestError("", { cause: new errors.NoRespondersError("$JS.API") });
    expect(explain(new Error("jetstream is not enabled", { cause: nobody }))).toMatch(
      /off on this server, or has no leader/,
    );
    const denied = new PermissionViolationError(
      'Permissions Violation for Publish to "$JS.API.X"',
      "publish",
      "$JS.API.X",
    );
    expect(explain(new errors.RequestError("", { cause: denied }))).toMatch(
      /may not read durable.*Permissions Violation/,
    );
  });

  it("keeps the words of anything else", () => {
    expect(explain(new errors.TimeoutError())).toMatch(/did not answer.*in time/);
    expect(explain(new Error("not a pull consumer"))).toMatch(/not a pull consumer/);
    expect(explain("odd")).toMatch(/odd/);
  });
});
