import { describe, expect, it } from "vitest";
import { readTopology } from "../topology.ts";
import { permissionsOf } from "./permissions.ts";
import { authorizationConfig } from "./server-config.ts";

const topology = readTopology(new URL("../../generated/topology.json", import.meta.url).pathname);
const KEY = `U${"A".repeat(55)}`;

describe("the permissions", () => {
  it("of a service are its events, its dead letters, and its durables", () => {
    expect(permissionsOf(topology).get("payment")).toEqual({
      publish: {
        allow: [
          "payments.failed.v1",
          "payments.refunded.v1",
          "payments.succeeded.v1",
          "dead.payment.>",
          "replay.payment-orderCancelled-v1",
          "replay.payment-orderPayable-v1",
          "$JS.API.CONSUMER.INFO.ORDERS.payment-orderCancelled-v1",
          "$JS.API.CONSUMER.MSG.NEXT.ORDERS.payment-orderCancelled-v1",
          "$JS.ACK.ORDERS.payment-orderCancelled-v1.>",
          "$JS.ACK.*.*.ORDERS.payment-orderCancelled-v1.>",
          "$JS.API.CONSUMER.INFO.ORDERS.payment-orderPayable-v1",
          "$JS.API.CONSUMER.MSG.NEXT.ORDERS.payment-orderPayable-v1",
          "$JS.ACK.ORDERS.payment-orderPayable-v1.>",
          "$JS.ACK.*.*.ORDERS.payment-orderPayable-v1.>",
          "$JS.API.CONSUMER.PAUSE.ORDERS.payment-orderCancelled-v1",
          "$JS.API.CONSUMER.PAUSE.ORDERS.payment-orderPayable-v1",
        ],
      },
      subscribe: {
        allow: [
          "_INBOX_payment.>",
          "$JS.EVENT.ADVISORY.CONSUMER.PAUSE.ORDERS.payment-orderCancelled-v1",
          "$JS.EVENT.ADVISORY.CONSUMER.PAUSE.ORDERS.payment-orderPayable-v1",
        ],
      },
    });
  });

  it("let a service go of its pinned durables, and of no others", () => {
    const contract = readTopology("codegen/testdata/priority/expected/topology.json");
    const unpins = [...permissionsOf(contract)].map(([identity, { publish }]) => [
      identity,
      publish.allow.filter((subject) => subject.includes(".UNPIN.")),
    ]);
    const ofServices = unpins.filter(([, subjects]) => subjects?.length !== 0);
    expect(Object.fromEntries(ofServices)).toEqual({
      audit: ["$JS.API.CONSUMER.UNPIN.PARCELS.audit-parcelSent-v1"],
      billing: ["$JS.API.CONSUMER.UNPIN.PARCELS.billing-parcelSent-v1"],
    });
  });

  it("give no two identities one inbox, and nobody the inboxes of all", () => {
    const inboxes = [...permissionsOf(topology).values()].map(({ subscribe }) => subscribe.allow[0]);
    expect(new Set(inboxes).size).toBe(inboxes.length);
    expect(inboxes.every((inbox) => /^_INBOX_[a-z]+\.>$/.test(inbox ?? ""))).toBe(true);
  });

  it("are refused for a service that is called as a tool is", () => {
    const consumers = topology.consumers.map((consumer) => ({ ...consumer, service: "steward" }));
    expect(() => permissionsOf({ ...topology, consumers })).toThrow("A service of the contract is called steward");
  });
});

describe("the configuration", () => {
  const permissions = new Map([
    ["order", { publish: { allow: ["a.$b"], deny: ["c"] }, subscribe: { allow: ["d.>"] } }],
  ]);

  it("has a login for each key, the one that is on its way out too", () => {
    const other = `U${"B".repeat(55)}`;
    const text = authorizationConfig(permissions, { order: [KEY, other] });
    expect(text.match(/nkey: \S+,/g)).toEqual([`nkey: ${KEY},`, `nkey: ${other},`]);
    expect(text).toContain('"a.$b"');
  });

  it("is refused when somebody has no key, or something that is none", () => {
    expect(() => authorizationConfig(permissions, {})).toThrow("There is no key for order");
    expect(() => authorizationConfig(permissions, { order: ["U, user: evil"] })).toThrow("is no public key");
  });
});
