import { parse } from "yaml";
import { expect, it } from "vitest";
import { hasErrors } from "../diagnostic.ts";
import { readModel } from "../generate.ts";
import { keepsPlainRules } from "./plain-rules.ts";

const DOCUMENT = `asyncapi: 3.0.0
info: { title: Boxes, version: 1.0.0 }
servers: { local: { host: 'localhost:4222', protocol: nats } }
channels:
  boxes:
    address: boxes.{size}
    servers: [{ $ref: '#/servers/local' }]
    parameters: { size: {} }
    messages: { packed: { payload: { type: object } } }
  crates: { address: crates, messages: { packed: { payload: { type: object } } } }
operations:
  pack:
    action: send
    channel: { $ref: '#/channels/boxes' }
    messages: [{ $ref: '#/channels/boxes/messages/packed' }]
components:
  servers: { spare: { host: 'localhost:4223', protocol: nats } }
  channels: { spare: { address: spare, messages: { packed: { payload: { type: object } } } } }
`;

const refused = async (text: string): Promise<boolean> =>
  hasErrors((await readModel("asyncapi.yaml", text, { read: () => Promise.resolve(undefined) })).diagnostics);

it("are kept by a document that the parser accepts", async () => {
  expect(keepsPlainRules(parse(DOCUMENT))).toBe(true);
  expect(await refused(DOCUMENT)).toBe(false);
});

it.each([
  ["a message of another channel", "boxes/messages/packed' }]", "crates/messages/packed' }]"],
  [
    "an operation of a channel among the components",
    "channel: { $ref: '#/channels/boxes' }",
    "channel: { $ref: '#/components/channels/spare' }",
  ],
  ["a server among the components", "#/servers/local", "#/components/servers/spare"],
  ["a parameter that is not in the address", "{ size: {} }", "{ size: {}, colour: {} }"],
  ["a parameter that is not declared", "boxes.{size}", "boxes.{size}.{colour}"],
  ["a key with a question mark", "  crates:", "  crates?:"],
])("are broken by %s, which the parser refuses", async (_what, from, to) => {
  const text = DOCUMENT.replace(from, to);
  expect(keepsPlainRules(parse(text))).toBe(false);
  expect(await refused(text)).toBe(true);
});
