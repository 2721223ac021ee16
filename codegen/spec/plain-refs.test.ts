import { parse } from "yaml";
import { expect, it } from "vitest";
import { hasErrors } from "../diagnostic.ts";
import { readModel } from "../generate.ts";
import { keepsPlainRefs } from "./plain-refs.ts";
import { QuickJudge } from "./quick-judge.ts";

/** A reference of every kind that AsyncAPI 3 has a place for. */
const DOCUMENT = `asyncapi: 3.0.0
info:
  title: Boxes
  version: 1.0.0
  tags: [{ $ref: '#/components/tags/shop' }]
  externalDocs: { $ref: '#/components/externalDocs/guide' }
servers:
  local:
    host: 'localhost:{port}'
    protocol: nats
    variables: { port: { $ref: '#/components/serverVariables/port' } }
    security: [{ $ref: '#/components/securitySchemes/login' }]
    bindings: { $ref: '#/components/serverBindings/nats' }
channels:
  boxes:
    address: boxes.{size}
    servers: [{ $ref: '#/servers/local' }]
    parameters: { size: { $ref: '#/components/parameters/size' } }
    messages: { packed: { $ref: '#/components/messages/packed' } }
    bindings: { $ref: '#/components/channelBindings/nats' }
operations:
  pack:
    action: send
    channel: { $ref: '#/channels/boxes' }
    messages: [{ $ref: '#/channels/boxes/messages/packed' }]
    traits: [{ $ref: '#/components/operationTraits/slow' }]
    bindings: { $ref: '#/components/operationBindings/nats' }
    reply: { $ref: '#/components/replies/done' }
    x-dead-letters: { $ref: '#/channels/boxes' }
components:
  tags: { shop: { name: shop } }
  externalDocs: { guide: { url: 'https://example.com' } }
  serverVariables: { port: { default: '4222' } }
  securitySchemes: { login: { type: userPassword } }
  serverBindings: { nats: {} }
  channelBindings: { nats: {} }
  operationBindings: { nats: {} }
  messageBindings: { nats: {} }
  correlationIds: { id: { location: '$message.header#/id' } }
  parameters: { size: { description: how large } }
  operationTraits: { slow: { bindings: { $ref: '#/components/operationBindings/nats' } } }
  messageTraits: { traced: { correlationId: { $ref: '#/components/correlationIds/id' } } }
  replyAddresses: { inbox: { location: '$message.header#/reply' } }
  replies: { done: { address: { $ref: '#/components/replyAddresses/inbox' } }, same: { $ref: '#/components/replies/done' } }
  schemas:
    Anything: {}
    Box: { type: object, properties: { size: { $ref: '#/components/schemas/Anything' } } }
  messages:
    packed:
      payload: { $ref: '#/components/schemas/Box' }
      traits: [{ $ref: '#/components/messageTraits/traced' }]
      bindings: { $ref: '#/components/messageBindings/nats' }
`;

const reading = { read: () => Promise.resolve(undefined) };

const refused = async (text: string): Promise<boolean> =>
  hasErrors((await readModel("asyncapi.yaml", text, reading)).diagnostics);

/** Whether the quick judge says yes to it after a document that the parser has accepted. */
async function isSureAfter(accepted: string, text: string): Promise<boolean> {
  const quick = new QuickJudge();
  await readModel("asyncapi.yaml", accepted, { ...reading, judge: quick.judge });
  expect(quick.isSure).toBe(true);
  quick.confirm();
  await readModel("asyncapi.yaml", text, { ...reading, judge: quick.judge });
  return quick.isSure;
}

it("are all that a valid document has", async () => {
  expect(keepsPlainRefs(parse(DOCUMENT))).toBe(true);
  expect(await refused(DOCUMENT)).toBe(false);
});

it.each([
  ["a variable of a server", "#/components/serverVariables/port", "#/components/tags/shop"],
  ["a schema", "#/components/schemas/Anything", "#/components/messages/packed/traits"],
  ["a correlation id", "#/components/correlationIds/id", "#/components/tags/shop"],
  ["documentation", "#/components/externalDocs/guide", "#/components/tags/shop"],
  ["a login", "#/components/securitySchemes/login", "#/components/tags/shop"],
  ["an address for replies", "#/components/replyAddresses/inbox", "#/components/tags/shop"],
  ["a reply", "{ $ref: '#/components/replies/done' }\n    x", "{ $ref: '#/components/tags/shop' }\n    x"],
])("do not lead to something else where %s is wanted, which the parser refuses", async (_what, from, to) => {
  const text = DOCUMENT.replace(from, to);
  expect(text).not.toBe(DOCUMENT);
  expect(keepsPlainRefs(parse(text))).toBe(false);
  expect(await isSureAfter(DOCUMENT, text)).toBe(false);
  expect(await refused(text)).toBe(true);
});

it.each([
  ["to nothing", "#/components/tags/shop", "#/components/tags/missing"],
  ["from where nothing is known to be wanted", "description: how large", "enum: { $ref: '#/components/tags/shop' }"],
])("do not lead %s", (_what, from, to) => {
  expect(keepsPlainRefs(parse(DOCUMENT.replace(from, to)))).toBe(false);
});
