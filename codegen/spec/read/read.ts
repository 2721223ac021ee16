/** Reads an AsyncAPI 3 document, which the judge and the checks of its shape have passed, into a contract. */
import type { Contract } from "../contract.ts";
import { child, children, rootOf, text } from "../node.ts";
import type { Report } from "../report.ts";
import type { Source } from "../source.ts";
import { readChannels } from "./channels.ts";
import { readOperations } from "./operations.ts";
import { readServers, readStreams } from "./servers.ts";

/** The contract that a document says. What it says in a way that cannot be read is reported, not dropped. */
export function readContract(source: Source, report: Report): Contract {
  const root = rootOf(source.data);
  const servers = readServers(root);
  const channels = readChannels(root, servers);
  return {
    source,
    title: text(child(root, "info", "title")) ?? "",
    version: text(child(root, "info", "version")) ?? "",
    servers,
    streams: readStreams(root),
    channels,
    operations: readOperations(root, channels, report),
    schemas: children(child(root, "components", "schemas")).map(([name, node]) => ({ name, node })),
  };
}
