/** The views of all services as one AsyncAPI document, each operation under its service. */
import type { Model } from "../codegen/model/model.ts";

type Part = Readonly<Record<string, unknown>>;

/** The document for the page of the whole contract. Keys are unique in a contract, so equal ones are the same thing. */
export function groupedDocument({ info, views }: Model, generated: ReadonlyMap<string, string>): Part {
  const documents = views.map(({ service, file }) => {
    const written: unknown = JSON.parse(generated.get(`asyncapi/${file}.json`) ?? "{}");
    const document = asPart(written);
    const operations = Object.entries(part(document, "operations")).map(([key, operation]) => {
      return [key, { ...asPart(operation), tags: [{ name: service }] }] as const;
    });
    return { ...document, operations: Object.fromEntries(operations) };
  });
  const merged = (name: string, within: readonly Part[] = documents): Part =>
    Object.fromEntries(within.flatMap((document) => Object.entries(part(document, name))));
  const components = documents.map((document) => ({ ...part(document, "components") }));
  return {
    asyncapi: "3.0.0",
    info: {
      ...info,
      tags: views.map(({ service, description }) => ({ name: service, ...(description && { description }) })),
    },
    servers: merged("servers"),
    channels: mergedChannels(documents),
    operations: merged("operations"),
    components: { schemas: merged("schemas", components), messages: merged("messages", components) },
  };
}

/** A channel carries what any of the services sends or receives there. */
function mergedChannels(documents: readonly Part[]): Part {
  const channels = new Map<string, Part>();
  for (const document of documents) {
    for (const [key, channel] of Object.entries(part(document, "channels"))) {
      const before = channels.get(key);
      const messages = { ...part(before, "messages"), ...part(channel, "messages") };
      channels.set(key, { ...before, ...asPart(channel), messages });
    }
  }
  return Object.fromEntries(channels);
}

function part(of: unknown, name: string): Part {
  return asPart(asPart(of)[name]);
}

function asPart(value: unknown): Part {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : {};
}
