import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generate } from "../../generate.ts";
import { typeErrors } from "../testing/type-errors.ts";
import { writeFiles } from "../testing/write-files.ts";

const testdata = join(import.meta.dirname, "..", "..", "testdata");
const directory = mkdtempSync(join(import.meta.dirname, ".messaging-"));

type Channel = { readonly messages: readonly { readonly name: string }[] };
let addressOf: (channel: Channel, parameters: object) => string;
let messageOf: (messages: Channel["messages"], body: unknown) => { readonly name: string } | undefined;
let depot: Channel;
let weights: Channel;
let inbox: Channel;

beforeAll(async () => {
  for (const name of ["plain-defaults", "plain-request-reply"]) {
    const text = readFileSync(join(testdata, name, "asyncapi.yaml"), "utf8");
    writeFiles(join(directory, name), (await generate("asyncapi.yaml", text)).files);
  }
  ({ addressOf, messageOf } = await import(join(directory, "plain-defaults/messaging.ts")));
  ({ depot } = await import(join(directory, "plain-defaults/channels/depot.ts")));
  ({ weights } = await import(join(directory, "plain-request-reply/channels/weights.ts")));
  ({ inbox } = await import(join(directory, "plain-request-reply/channels/inbox.ts")));
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe("an address", () => {
  it("is made of parameters, and of what stands for those that are not given", () => {
    expect(addressOf(depot, { country: "fr", depot_id: "7" })).toBe("depots.fr.7.state");
    expect(addressOf(depot, { depot_id: "a-b_c" })).toBe("depots.de.a-b_c.state");
  });

  it.each(["a.b", "a.>", "*", "", " ", "a b", "a\n", "a\u0000", "a#", "+"])("takes %j for no token", (depot_id) => {
    expect(() => addressOf(depot, { depot_id })).toThrow("it is not one token");
  });

  it.each([
    [{}, "depot_id"],
    [{ depot_id: "1", country: "it" }, "/country"],
    [{ depot_id: 1 }, "/depot_id"],
  ])("is refused of %j", (parameters, said) => {
    expect(() => addressOf(depot, parameters)).toThrow(said);
  });

  it("is known of a channel that has one", () => {
    expect(() => addressOf(inbox, {})).toThrow("only known at run time");
  });
});

it("tells messages apart by their bodies", () => {
  expect(messageOf(weights.messages, { grams: 1 })?.name).toBe("weighed");
  expect(messageOf(weights.messages, { reason: "broken" })?.name).toBe("refused");
  expect(messageOf(weights.messages, {})).toBeUndefined();
});

it("gives operations their types", () => {
  const use = `
import { addressOf, type Delivery } from "./plain-defaults/messaging.ts";
import { depot } from "./plain-defaults/channels/depot.ts";
import type { onDepotState, ParcelTrackingApiReceives, ParcelTrackingApiSends } from "./plain-defaults/operations/parcel-tracking-api.ts";
import type { ScalesReceives, ScalesSends } from "./plain-request-reply/operations/scales.ts";

export const receives: ParcelTrackingApiReceives = {
  onDepotState: ({ body, headers, parameters }) => {
    const open: boolean = body.open;
    const trace: string | undefined = headers["X-Trace"];
    const country: "de" | "fr" | undefined = parameters.country;
    return void [open, trace, country];
  },
};
export const scales: ScalesReceives = {
  weighParcel: async ({ body }) =>
    body.parcel_id === ""
      ? { message: "refused", body: { reason: "none" }, headers: undefined, parameters: undefined }
      : { message: "weighed", body: { grams: 12 }, headers: undefined, parameters: undefined },
  pinged: () => ({ message: "pong", body: "pong", headers: undefined, parameters: undefined }),
};
export async function ask(sends: ParcelTrackingApiSends, scale: ScalesSends): Promise<number> {
  await sends.sendParcelSent({ message: "ParcelSent", body: { parcel_id: "p-1" }, headers: {}, parameters: {} });
  // @ts-expect-error the version after it has another body
  await sends.sendParcelSentV2({ message: "ParcelSent", body: { parcel_id: "p-1" }, headers: {}, parameters: {} });
  const { body } = await scale.askScale({ message: "weigh", body: { parcel_id: "p-1" }, headers: {}, parameters: {} });
  return body;
}
// @ts-expect-error not in the list of the contract
addressOf(depot, { country: "it", depot_id: "1" });
export type Name = Delivery<typeof onDepotState>["message"];
export const name: Name = "DepotState";
`;
  writeFiles(directory, new Map([["use.ts", use]]));
  expect(typeErrors(directory)).toBe("");
});
