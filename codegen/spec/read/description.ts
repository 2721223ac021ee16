/** Reads what a document says of itself and of its servers for people: it decides nothing. */
import type { DescribedServer, TagSpec } from "../contract.ts";
import { isObject, type JsonObject } from "../json.ts";
import { child, children, type Node, text } from "../node.ts";
import { textsOf } from "./values.ts";

/** What `info` says that holds no reference, and is the same in every version of AsyncAPI. */
export function readInfo(root: Node): JsonObject {
  const info = child(root, "info")?.value;
  if (!isObject(info)) return {};
  const members = ["title", "version", "description", "termsOfService", "contact", "license"];
  return Object.fromEntries(members.filter((name) => Object.hasOwn(info, name)).map((name) => [name, info[name]]));
}

/** The tags of the document, which AsyncAPI 2 has at the root. */
export function readTags(root: Node): readonly TagSpec[] {
  const tags = [...children(child(root, "info", "tags")), ...children(child(root, "tags"))];
  return tags.map(([, tag]) => ({
    name: text(child(tag, "name")) ?? "",
    description: text(child(tag, "description")),
  }));
}

/** A server, in the words of AsyncAPI 3. */
export function describeServer(node: Node): DescribedServer {
  const url = /^(?:[^/:]*:\/\/)?([^/]*)(\/.*)?$/s.exec(text(child(node, "url")) ?? "");
  const word = (name: string): string | undefined => text(child(node, name));
  return {
    host: word("host") ?? url?.[1] ?? "",
    pathname: word("pathname") ?? url?.[2],
    protocol: word("protocol") ?? "",
    protocolVersion: word("protocolVersion"),
    title: word("title"),
    summary: word("summary"),
    description: word("description"),
    variables: children(child(node, "variables")).map(([name, variable]) => ({
      name,
      description: text(child(variable, "description")),
      default: text(child(variable, "default")),
      values: textsOf(child(variable, "enum")),
    })),
  };
}
