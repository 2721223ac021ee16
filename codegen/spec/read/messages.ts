/** Reads a message with its traits. */
import {
  type Acknowledgement,
  COMPATIBILITIES,
  type ExampleSpec,
  type MessageSpec,
  type Said,
  type VersionSpec,
  type VersionState,
} from "../contract.ts";
import { child, children, definedAs, type Node, said, schemaIn, text, withTraits } from "../node.ts";
import { own } from "../json.ts";
import { under } from "../pointer.ts";
import { readEvolution } from "./evolution.ts";
import { numberOf, saidText } from "./values.ts";

/** @param defaultContentType What the document says of messages that say nothing. */
export function readMessage(node: Node, defaultContentType: string | undefined): MessageSpec {
  return readLayers(node, withTraits(node), definedAs(node), defaultContentType);
}

/** A message of any version of AsyncAPI, by its own words and those of its traits, the one that wins first. */
export function readLayers(
  node: Node,
  layers: readonly Node[],
  key: string,
  defaultContentType: string | undefined,
): MessageSpec {
  return {
    key,
    at: node.at,
    name: text(said(layers, "name")),
    title: text(said(layers, "title")),
    summary: text(said(layers, "summary")),
    description: text(said(layers, "description")),
    deprecated: said(layers, "deprecated")?.value === true,
    contentType: text(said(layers, "contentType")) ?? defaultContentType,
    payload: schemaIn(said(layers, "payload")),
    headers: schemaIn(said(layers, "headers")),
    examples: layers.flatMap((layer) => children(child(layer, "examples")).map(([, example]) => readExample(example))),
    version: readVersion(layers),
    evolvesFrom: saidText(said(layers, "x-evolves", "from")),
    evolution: readEvolution(layers),
    status: readStatus(layers),
  };
}

function readExample(node: Node): ExampleSpec {
  return { at: node.at, name: text(child(node, "name")), payload: raw(node, "payload"), headers: raw(node, "headers") };
}

/** Data is taken as it stands: a `$ref` in it is data too. */
function raw(node: Node, member: string): Said<unknown> | undefined {
  const value = own(node.value, member);
  return value === undefined ? undefined : { value, at: under(node.at, member) };
}

function readVersion(layers: readonly Node[]): VersionSpec | undefined {
  const whole = said(layers, "x-version");
  const number = said(layers, "x-version", "number");
  const value = numberOf(number);
  if (whole === undefined || number === undefined || value === undefined) return undefined;
  return {
    at: whole.at,
    number: { value, at: number.at },
    state: stateOf(text(said(layers, "x-version", "state"))),
    sunset: saidText(said(layers, "x-version", "sunset")),
    compatibility: COMPATIBILITIES.find((level) => level === text(said(layers, "x-version", "compatibility"))),
    acknowledged: children(said(layers, "x-version", "acknowledged")).map(([, node]) => readAcknowledgement(node)),
  };
}

function readAcknowledgement(node: Node): Acknowledgement {
  const word = (member: string): string => text(child(node, member)) ?? "";
  return { at: node.at, change: word("change"), reason: word("reason"), date: word("date") };
}

function stateOf(state: string | undefined): VersionState {
  return state === "draft" || state === "deprecated" || state === "retired" ? state : "current";
}

function readStatus(layers: readonly Node[]): Said<number> | undefined {
  const node = said(layers, "bindings", "http", "statusCode");
  const value = numberOf(node);
  return node === undefined || value === undefined ? undefined : { value, at: node.at };
}
