/** Reads an AsyncAPI document, which the judge and the checks of its shape have passed, into a contract. */
import type { ChannelSpec, Contract, OperationSpec, ServerSpec } from "../contract.ts";
import { isOurs } from "../extensions.ts";
import { child, children, type Node, rootOf, schemaIn, text } from "../node.ts";
import type { Report } from "../report.ts";
import type { Source } from "../source.ts";
import { majorOf } from "../version.ts";
import { readInfo, readTags } from "./description.ts";
import { readChannels, readSpareMessages } from "./channels.ts";
import { readOperations } from "./operations.ts";
import { readServers, readStreams } from "./servers.ts";
import { readVersion2 } from "./version-2.ts";

/** The contract that a document says. What it says in a way that cannot be read is reported, not dropped. */
export function readContract(source: Source, report: Report): Contract {
  const root = rootOf(source.data);
  const servers = readServers(root);
  const schemas = children(child(root, "components", "schemas"));
  return {
    source,
    ours: isOurs(source.data),
    title: text(child(root, "info", "title")) ?? "",
    version: text(child(root, "info", "version")) ?? "",
    info: readInfo(root),
    tags: readTags(root),
    servers,
    streams: readStreams(root),
    ...(majorOf(source.data) === 2 ? readVersion2(root, servers) : readVersion3(root, servers, report)),
    schemas: schemas.flatMap(([name, named]) => {
      const node = schemaIn(named);
      return node === undefined ? [] : [{ name, node }];
    }),
  };
}

/** What the two versions say in different words. */
export type Traffic = Pick<Contract, "channels" | "operations" | "spareMessages">;

function readVersion3(root: Node, servers: readonly ServerSpec[], report: Report): Traffic {
  const channels: readonly ChannelSpec[] = readChannels(root, servers);
  const operations: readonly OperationSpec[] = readOperations(root, channels, report);
  return { channels, operations, spareMessages: readSpareMessages(root, channels) };
}
