/** How many dead letters wait for somebody: those that were neither replayed nor discarded. */
import type { Admin } from "@tandem/runtime/admin";
import { catalogueOf } from "../dead-letters/catalogue.ts";
import { readLetters } from "../dead-letters/read-letters.ts";
import { AUDIT } from "../provision/own-streams.ts";
import type { Topology } from "../topology.ts";

/** Open letters of one event at one service. */
export interface OpenLetters {
  readonly service: string;
  /** The event's channel key. */
  readonly channel: string;
  /** `v1` */
  readonly version: string;
  readonly letters: number;
}

/** Counts; undefined when nothing came to the letters or to the audit since the last time. */
export type CountOpenLetters = (admin: Admin) => Promise<readonly OpenLetters[] | undefined>;

/**
 * Makes what counts. A count reads every letter, so it is made again only when something was added or removed.
 *
 * @throws when called: `OpsError` where the contract keeps dead letters and the server has no stream for them
 */
export function createLetterCount(topology: Topology): CountOpenLetters {
  const catalogue = catalogueOf(topology);
  let counted: string | undefined;
  return async (admin) => {
    if (catalogue.streams.length === 0) return undefined;
    // Before they are read: what comes meanwhile makes the next look differ.
    const marks = await Promise.all([...catalogue.streams, AUDIT].map(async (name) => markOf(admin, name)));
    const seen = marks.join(" ");
    if (seen === counted) return undefined;
    const { letters } = await readLetters(admin, catalogue);
    counted = seen;
    const open = letters.filter(({ state }) => state === "open").map(({ latest }) => latest);
    const groups = Map.groupBy(open, ({ service, channel, version }) => `${service} ${channel} v${version}`);
    return [...groups].map(([group, { length }]) => {
      const [service = "", channel = "", version = ""] = group.split(" ");
      return { service, channel, version, letters: length };
    });
  };
}

async function markOf(admin: Admin, stream: string): Promise<string> {
  const { messages = 0, firstSequence = 0, lastSequence = 0 } = (await admin.stream(stream)) ?? {};
  return `${messages}:${firstSequence}:${lastSequence}`;
}
