/** Rules for what several documents say is theirs: a stream, a subject and a service belong to one of them. */
import { overlap, patternsOf } from "../address.ts";
import type { Contract } from "../contract.ts";
import { child, children, type Node, nodeAt, rootOf, said, text, withTraits } from "../node.ts";
import { type Pointer, under } from "../pointer.ts";
import { ownerOf } from "../read/owner.ts";
import type { Place, Report } from "../report.ts";
import { nameOf } from "./others.ts";

/** What one document says is its own, each with where that is said. */
interface Claims {
  /** The document in words. */
  readonly name: string;
  readonly streams: ReadonlyMap<string, Pointer>;
  readonly services: ReadonlyMap<string, Pointer>;
  readonly subjects: readonly {
    readonly pattern: string;
    readonly channel: string;
    readonly at: Pointer;
    readonly isEvent: boolean;
  }[];
}

/** Reports what the contract and the documents that it reads events of, or two of these, both own. */
export function lintClaims(contract: Contract, report: Report): void {
  const owners = new Map(contract.channels.flatMap(({ owner }) => (owner?.ours === true ? [[owner.file, owner]] : [])));
  if (owners.size === 0) return;
  const own = claimsOf(rootOf(contract.source.data), "", "this contract");
  const known: Claims[] = [];
  for (const [file, owner] of owners) {
    const document = nodeAt(contract.source.data, under("", file));
    if (document === undefined) continue;
    const claims = claimsOf(document, file, nameOf(owner));
    // What is wrong between two documents of others is seen where the second is referred to.
    for (const other of known) compare(other, claims, () => under(owner.at, "$ref"), report);
    compare(claims, own, (at) => at, report);
    known.push(claims);
  }
}

function compare(first: Claims, second: Claims, placeOf: (at: Pointer) => Place, report: Report): void {
  const say = (what: string, at: Pointer, hint: string): void =>
    report.error("OTHER_CLAIM", placeOf(at), `${first.name} and ${second.name} both own ${what}`, hint);
  for (const [stream, at] of second.streams) {
    if (first.streams.has(stream)) say(`the stream ${stream}`, at, "Give one of the two another name.");
  }
  for (const [service, at] of second.services) {
    const hint = "Durables are named after services: give one of the two another name.";
    if (first.services.has(service)) say(`the service ${service}`, at, hint);
  }
  for (const { pattern, channel, at, isEvent } of second.subjects) {
    const taken = first.subjects.find((other) => overlap(other.pattern, pattern));
    if (taken === undefined) continue;
    const read = isEvent ? `Read it with a $ref to its channel ${taken.channel}, or give` : "Give";
    say(`the subject ${pattern}`, at, `${read} ${channel} another address.`);
  }
}

function claimsOf(root: Node, file: string, name: string): Claims {
  const services = new Map<string, Pointer>();
  for (const [, operation] of children(child(root, "operations"))) {
    const service = said(withTraits(operation), "x-service");
    const word = text(service);
    if (service !== undefined && word !== undefined && !services.has(word)) services.set(word, service.at);
  }
  const subjects = children(child(root, "channels")).flatMap(([channel, node]) => {
    const address = child(node, "address");
    const isStored = child(node, "x-stream") !== undefined;
    const isOwn = ownerOf(node.document, node.via).file === file;
    if (address === undefined || !isStored || !isOwn) return [];
    return patternsOf(text(address) ?? "", [...services.keys()]).map((pattern) => ({
      pattern,
      channel,
      at: address.at,
      isEvent: child(node, "x-event") !== undefined,
    }));
  });
  const streams = children(child(root, "x-streams")).map(([stream, node]) => [stream, node.at] as const);
  return { name, streams: new Map(streams), services, subjects };
}
