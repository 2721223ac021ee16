/** What holds when there are several readers. */
import { describe, expect, it } from "vitest";
import { fill, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, id) => String(id));

/** Readers of one durable share, durables do not; subjects and streams keep apart. */
export function describeSharing(servers: ServerFixture): void {
  const rig = rigFor(servers);

  describe("readers of one durable", () => {
    it("share its messages: each goes to one of them", async () => {
      const { stream, durable, broker, lag } = await rig.durable();
      const readers = numbers(6).map(() => rig.subscribe(rig.broker(), { stream, durable }));
      const other = rig.broker();
      await Promise.all(
        numbers(1_500).map((id, place) => (place % 2 === 0 ? broker : other).publish(outgoing(`${stream}.a`, id))),
      );

      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      const read = readers.flatMap(({ deliveries }) => idsOf(deliveries));
      expect(read.toSorted()).toEqual(numbers(1_500).toSorted());
      expect(readers.filter(({ deliveries }) => deliveries.length > 0).length).toBeGreaterThan(1);
    });
  });

  describe("readers of different durables", () => {
    it("are given every message each", async () => {
      const one = await rig.durable();
      const { stream, broker } = one;
      const other = await rig.addDurable(one, "other");
      const readers = [one, other].map(({ durable }) => rig.subscribe(rig.broker(), { stream, durable }));
      await fill(broker, stream, 200);

      for (const { lag } of [one, other]) await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      for (const { deliveries } of readers) expect(idsOf(deliveries)).toEqual(numbers(200));
    });

    it("are given the subjects that their durable names, and nothing of another stream", async () => {
      const all = await rig.durable();
      const { admin, stream, broker } = all;
      const elsewhere = await rig.durable();
      await admin.createDurable(stream, "of-a", { filterSubjects: [`${stream}.a`] });
      await admin.createDurable(stream, "of-b", { filterSubjects: [`${stream}.b`, `${stream}.b.private`] });
      const [ofA, ofB, ofAll] = ["of-a", "of-b", all.durable].map((durable) =>
        rig.subscribe(broker, { stream, durable }),
      );
      const other = rig.subscribe(broker, { stream: elsewhere.stream, durable: elsewhere.durable });
      for (const subject of ["a", "b", "c", "a", "b.private", "b.other"]) {
        await broker.publish(outgoing(`${stream}.${subject}`, `${subject} ${Math.random()}`));
      }
      await broker.publish(outgoing(`${elsewhere.stream}.a`, "elsewhere"));

      await eventually(async () => expect(await all.lag()).toEqual(NOTHING_LEFT));
      const kinds = (reader: typeof other | undefined) => idsOf(reader?.deliveries ?? []).map((id) => id.split(" ")[0]);
      await eventually(() => expect(kinds(ofA)).toEqual(["a", "a"]));
      await eventually(() => expect(kinds(ofB)).toEqual(["b", "b.private"]));
      await eventually(() => expect(kinds(other)).toEqual(["elsewhere"]));
      expect(kinds(ofAll)).toEqual(["a", "b", "c", "a", "b.private", "b.other"]);
    });

    it("of several streams are served side by side over one connection", async () => {
      const rigs = await Promise.all(numbers(5).map(() => rig.durable()));
      const broker = rig.broker();
      const readers = rigs.map(({ stream, durable }) => rig.subscribe(broker, { stream, durable }));
      await Promise.all(rigs.map(({ stream }) => fill(broker, stream, 200)));

      for (const { lag } of rigs) await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      for (const { deliveries } of readers) expect(idsOf(deliveries)).toEqual(numbers(200));
    });
  });
}
