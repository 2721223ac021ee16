/** The steps of a version's life, taken one after the other while orders come in. */
import { fileURLToPath } from "node:url";
import type { Admin } from "@tandem/runtime/admin";
import { provision } from "../../../ops/provision/provision.ts";
import { readTopology } from "../../../ops/topology.ts";
import type { Steps } from "../steps.ts";
import { removeDrained, witnessesOf } from "./drained.ts";
import type { Fleet } from "./fleet.ts";
import { ask, denied, granted, openNext } from "./gate.ts";
import { READS_V1, READS_V2, type Reader, startReader } from "./reader.ts";
import { buildRelease, type Release } from "./release.ts";
import { FACTS_BETWEEN, more, until } from "./wait.ts";

const SCHEMA = fileURLToPath(new URL("releases/order-created-v2.yaml", import.meta.url));
const STREAM = "ORDERS";

export interface CourseOptions {
  readonly steps: Steps;
  readonly print: (text: string) => void;
  /** Where releases go. */
  readonly directory: string;
  readonly natsUrl: string;
  readonly admin: Admin;
  readonly fleet: Fleet;
  /** What runs at the start: one version only. */
  readonly first: Release;
  readonly v1: Reader;
}

/** What the course leaves for the verdict. */
export interface Course {
  readonly v2: Reader;
  /** When nothing was left to publish of the release that knows v1 only, milliseconds since the epoch. */
  readonly lastOfV1Only: number;
  /** When the first process was started that publishes v2 only. */
  readonly firstOfV2Only: number;
}

/** What a step did, in lines, and what comes of it for the later ones. */
interface Done<R> {
  readonly lines: readonly string[];
  readonly result: R;
}

/**
 * Takes `orders.created` from v1 to v2.
 *
 * @throws when a gate does not answer as it has to, a process does not do what it is told, or nothing moves any more
 */
export async function takeCourse({
  steps,
  print,
  directory,
  natsUrl,
  admin,
  fleet,
  first,
  v1,
}: CourseOptions): Promise<Course> {
  const readers = [v1];
  const step = async <R>(title: string, work: () => Promise<Done<R>>): Promise<R> => {
    const { lines, result } = await steps.run(title, work);
    const counts = readers.map(({ version, messages }) => `${version} ${messages}`).join(", ");
    print([...lines, `messages so far: ${counts}`].map((line) => `    ${line}\n`).join(""));
    return result;
  };
  const roll = async (service: string, release: Release) => {
    await fleet.roll(service, release);
    return `${service} runs ${release.name}`;
  };
  /** A release whose contract is one step further, and what the gate said to that. */
  const advance = async (
    name: string,
    after: Release,
    changes: { readonly patch?: string; readonly accepted?: readonly string[] } = {},
  ) => {
    const lines: string[] = [];
    const edit = async (release: Release) => void lines.push(...granted(await ask(release, { natsUrl, ...changes })));
    return { release: await buildRelease({ directory, name, after, edit, ...changes }), lines };
  };

  await step("open: v2 is a draft in the contract, and nobody notices", async () => {
    const draft = await buildRelease({ directory, name: "draft", after: first });
    const opened = await openNext(draft, SCHEMA);
    const refusal = denied(await ask(draft, { natsUrl }));
    await more(v1);
    return { lines: [...opened, ...refusal], result: undefined };
  });

  const { second, v2, lastOfV1Only } = await step(
    "dual: v1 is written, and v2 is derived from it and published beside it",
    async () => {
      const release = await buildRelease({ directory, name: "release 2" });
      const made = await provisioned(release, natsUrl);
      const reader = startReader(admin, STREAM, READS_V2);
      readers.push(reader);
      const rolled = await roll("order", release);
      await fleet.published("order");
      const result = { second: release, v2: reader, lastOfV1Only: Date.now() };
      await more(reader);
      return { lines: [...made, rolled], result };
    },
  );

  await step("readers move one by one: inventory reads v2, and v1 of what came before", async () => {
    const lines = [await roll("inventory", second), await roll("payment", second)];
    await more(v2);
    return { lines, result: undefined };
  });

  const third = await step("flip: v2 is written, with prices, and v1 is derived from it", async () => {
    const { release, lines } = await advance("release 3", second, { patch: "3-writes-v2.patch" });
    const rolled = await roll("order", release);
    const priced = () => [...v2.facts.values()].filter((told) => told.priced).length;
    await until(
      () => priced() >= FACTS_BETWEEN,
      () => `${priced()} facts came with prices`,
    );
    await more(v1);
    return { lines: [...lines, rolled], result: release };
  });

  const fourth = await step("deprecate: the last service lets go of v1", async () => {
    const { release, lines } = await advance("release 4", third, { patch: "4-reads-v2.patch" });
    const rolled = await roll("inventory", release);
    await more(v1);
    return { lines: [...lines, rolled], result: release };
  });

  await step("drained? the gate names who still reads v1", async () => {
    const refusal = denied(await ask(fourth, { natsUrl }));
    const removed = await removeDrained(admin, STREAM, "inventory-orderCreated-v1", v1, v2);
    return { lines: [...refusal, removed], result: undefined };
  });

  const firstOfV2Only = await step("retire: v2 stands alone", async () => {
    // The demo's own reader of v1 stays to the end on purpose, and the gate is told so.
    const accepted = await witnessesOf(admin, STREAM, READS_V1.subject);
    const { release, lines } = await advance("release 5", fourth, { accepted });
    const since = Date.now();
    const rolled = await roll("order", release);
    // What the release before committed is pinned to both versions, and has to find its subject.
    await fleet.published("order");
    const made = await provisioned(release, natsUrl);
    await more(v2);
    const before = { v1: v1.messages, v2: v2.messages };
    await more(v2);
    if (v1.messages !== before.v1)
      throw new Error(`v1 is retired, and ${v1.messages - before.v1} messages of it came after that.`);
    return {
      lines: [...lines, rolled, ...made, `${v2.messages - before.v2} further messages are v2, and none is v1`],
      result: since,
    };
  });
  return { v2, lastOfV1Only, firstOfV2Only };
}

async function provisioned({ topology }: Release, natsUrl: string): Promise<readonly string[]> {
  const { changes } = await provision(readTopology(topology), { natsUrl });
  return changes
    .filter(({ kind }) => kind === "create" || kind === "update")
    .map(({ kind, resource, name, fields }) => {
      const what = fields
        .map(({ field, from, to }) => `, ${field}: ${JSON.stringify(from)} → ${JSON.stringify(to)}`)
        .join("");
      return `provision: ${kind}d ${resource} ${name}${what}`;
    });
}
