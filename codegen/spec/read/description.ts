/** Reads what a document says of itself and of its servers for people: it decides nothing. */
import { compareText } from "../../diagnostic.ts";
import type { DescribedServer, TagSpec } from "../contract.ts";
import { isObject, type JsonObject } from "../json.ts";
import { child, children, type Node, text } from "../node.ts";
import { textsOf } from "./values.ts";

/** What `info` says that holds no reference, and is the same in every version of AsyncAPI. */
export function readInfo(root: Node): JsonObject {
  const info = child(root, "info")?.value;
  if (!isObject(info)) return {};
  const whole = pick(info, ["title", "version", "description", "termsOfService", "contact", "license"]);
  const parts = Object.entries(whole).map(([name, value]) => {
    return [name, isObject(value) ? pick(value, ["name", "url", "email"]) : value] as const;
  });
  return Object.fromEntries(parts);
}

function pick(from: JsonObject, members: readonly string[]): JsonObject {
  return Object.fromEntries(members.filter((name) => Object.hasOwn(from, name)).map((name) => [name, from[name]]));
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
    variables: inOrder(children(child(node, "variables"))).map(([name, variable]) => ({
      name,
      description: text(child(variable, "description")),
      default: text(child(variable, "default")),
      values: textsOf(child(variable, "enum")),
    })),
  };
}

function inOrder(members: readonly [name: string, node: Node][]): readonly [name: string, node: Node][] {
  return members.toSorted(([a], [b]) => compareText(a, b));
}
