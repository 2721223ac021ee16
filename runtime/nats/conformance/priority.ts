/** What holds for durables whose readers are of several classes. */
import { describe, expect, it } from "vitest";
import type { ServingClass } from "../../broker.ts";
import type { DurableRequest } from "../admin-shapes.ts";
import { fill, gate, idsOf, outgoing } from "../tests/fixtures.ts";
import { eventually, NOTHING_LEFT, rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

const FIRST: ServingClass = { priority: 0, overflowPending: 0, overflowAckPending: 0 };
const PINNED: DurableRequest = { priority: { policy: "pinned", timeoutMs: 3_000 } };

const ids = (from: number, to: number) => Array.from({ length: to - from }, (_, place) => String(from + place));

/** First class and second class, slow and in a burst, and one that has it all. */
export function describePriority(servers: ServerFixture): void {
  const rig = rigFor(servers);

  /** A durable with a reader of each class, who wait for messages. */
  async function twoClasses(request: DurableRequest, second: Partial<ServingClass>) {
    const made = await rig.durable(request);
    const { admin, stream, durable } = made;
    const read = (serving: ServingClass, answer?: Parameters<typeof rig.subscribe>[2]) =>
      rig.subscribe(rig.broker(), { stream, durable, serving }, answer);
    const waiting = async (pulls: number): Promise<void> => {
      await eventually(async () => ((await admin.durable(stream, durable))?.waitingPulls ?? 0) >= pulls);
    };
    return { ...made, read, waiting, second: { ...FIRST, ...second } };
  }

  /** One message after the other, each settled before the next. */
  async function slowly(made: Awaited<ReturnType<typeof twoClasses>>, some: readonly string[]): Promise<void> {
    for (const id of some) {
      await made.broker.publish(outgoing(`${made.stream}.a`, id));
      await eventually(async () => expect(await made.lag()).toEqual(NOTHING_LEFT));
    }
  }

  describe("a durable that is read by priority", () => {
    it("gives a slow feed to the first class alone, a burst to both, and all to the second when the first is gone", async () => {
      const made = await twoClasses({ priority: { policy: "prioritized" } }, { priority: 1 });
      const { broker, stream, lag } = made;
      const { opened, open } = gate();
      let held = false;
      const hold = async () => {
        if (held) await opened;
        return { kind: "ack" } as const;
      };
      const second = made.read(made.second);
      await made.waiting(1);
      const first = made.read(FIRST, hold);
      await made.waiting(2);
      await slowly(made, ids(0, 20));
      expect([idsOf(first.deliveries), idsOf(second.deliveries)]).toEqual([ids(0, 20), []]);

      // The first class has its hands full, and asks for no more.
      held = true;
      await Promise.all(ids(20, 60).map((id) => broker.publish(outgoing(`${stream}.a`, id))));
      await eventually(() => second.deliveries.length >= 30);
      open();
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(idsOf([...first.deliveries, ...second.deliveries]).toSorted()).toEqual(ids(0, 60).toSorted());

      const before = second.deliveries.length;
      await first.subscription.stop();
      await slowly(made, ids(60, 70));
      expect(second.deliveries.length - before).toBe(10);
    });
  });

  describe("a durable that overflows", () => {
    it("gives nothing to those who wait for a burst, and in a burst something to them too", async () => {
      const made = await twoClasses({ priority: { policy: "overflow" } }, { overflowPending: 10 });
      const { broker, stream, lag } = made;
      const { opened, open } = gate();
      let held = false;
      const second = made.read(made.second);
      await made.waiting(1);
      const first = made.read(FIRST, async () => {
        if (held) await opened;
        return { kind: "ack" };
      });
      await made.waiting(2);
      await slowly(made, ids(0, 20));
      expect([first.deliveries.length, second.deliveries.length]).toEqual([20, 0]);

      held = true;
      await Promise.all(ids(20, 100).map((id) => broker.publish(outgoing(`${stream}.a`, id))));
      await eventually(() => second.deliveries.length >= 10);
      // What is fewer than ten is left to the first class.
      await eventually(async () => {
        const { pending } = await lag();
        expect(pending).toBeGreaterThan(0);
        expect(pending).toBeLessThan(10);
      });
      open();
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(idsOf([...first.deliveries, ...second.deliveries]).toSorted()).toEqual(ids(0, 100).toSorted());
    });

    it("gives to those who wait until others have their hands full", async () => {
      const made = await twoClasses({ priority: { policy: "overflow" } }, { overflowAckPending: 3 });
      const { opened, open } = gate();
      const first = made.read(FIRST, async () => {
        await opened;
        return { kind: "ack" };
      });
      await made.waiting(1);
      const second = made.read(made.second);
      await made.waiting(2);
      await fill(made.broker, made.stream, 30);
      await eventually(() => second.deliveries.length > 0);
      open();
      await eventually(async () => expect(await made.lag()).toEqual(NOTHING_LEFT));
      expect(first.deliveries.length).toBeGreaterThanOrEqual(3);
    });
  });

  describe("a pinned durable", () => {
    it("is one reader's, until it stops; then another has it at once, and nothing is missing", async () => {
      const made = await twoClasses({ priority: { policy: "pinned", timeoutMs: 3_600_000 } }, {});
      const readers = [made.read(FIRST), made.read(FIRST)] as const;
      await made.waiting(2);
      await fill(made.broker, made.stream, 100);
      await eventually(async () => expect(await made.lag()).toEqual(NOTHING_LEFT));
      const [active, standby] = readers[0].deliveries.length > 0 ? readers : [readers[1], readers[0]];
      expect(idsOf(active.deliveries)).toEqual(ids(0, 100));
      expect(standby.deliveries).toEqual([]);
      expect(standby.subscription.problem).toBeUndefined();

      // An hour would have to pass, did it not let go of the durable.
      await active.subscription.stop();
      await slowly(made, ids(100, 110));
      expect(idsOf(standby.deliveries)).toEqual(ids(100, 110));
    });

    it("is another reader's when one is not heard of any more, and one that comes back waits its turn", async () => {
      const made = await twoClasses(PINNED, {});
      const gone = rig.broker();
      const first = rig.subscribe(gone, { stream: made.stream, durable: made.durable });
      await made.waiting(1);
      await slowly(made, ids(0, 5));
      const second = made.read(FIRST);
      await made.waiting(2);
      first.subscription.suspend();
      await eventually(async () => {
        await made.broker.publish(outgoing(`${made.stream}.a`, `x${Date.now()}`));
        expect(second.deliveries.length).toBeGreaterThan(0);
      });
      await eventually(async () => expect(await made.lag()).toEqual(NOTHING_LEFT));
      first.subscription.resume();
      const [before, has] = [first.deliveries.length, second.deliveries.length];
      await slowly(made, ids(200, 210));
      expect(first.deliveries.length).toBe(before);
      expect(second.deliveries.length).toBe(has + 10);
      expect(first.subscription.problem).toBeUndefined();
    });
  });

  describe("a paused durable with readers of a class", () => {
    it.each<NonNullable<DurableRequest["priority"]>>([
      { policy: "prioritized" },
      { policy: "overflow" },
      { policy: "pinned", timeoutMs: 3_000 },
    ])("delivers nothing, and goes on when it is resumed ($policy)", async (priority) => {
      const made = await twoClasses({ priority }, {});
      const { admin, stream, durable, broker, lag } = made;
      const readers = [made.read(FIRST), made.read(FIRST)];
      await made.waiting(2);
      await slowly(made, ids(0, 3));
      const until = Date.now() + 3_600_000;
      await broker.pauses.pause(stream, durable, until);
      await fill(broker, stream, 13);
      // One that is not paused shows that this one had its chance.
      await admin.createDurable(stream, "other", {});
      const { deliveries: others } = rig.subscribe(broker, { stream, durable: "other" });
      await eventually(() => others.length === 13);
      const count = () => readers.reduce((sum, { deliveries }) => sum + deliveries.length, 0);
      expect(count()).toBe(3);
      await broker.pauses.resume(stream, durable, until);
      await eventually(async () => expect(await lag()).toEqual(NOTHING_LEFT));
      expect(count()).toBe(13);
      expect(readers.map(({ subscription }) => subscription.problem)).toEqual([undefined, undefined]);
    });
  });

  describe("a durable whose policy changes", () => {
    it("is read on, by readers that pull as it is now", async () => {
      const made = await twoClasses({}, { priority: 4 });
      const reader = made.read(made.second);
      await slowly(made, ids(0, 3));
      const policies: DurableRequest["priority"][] = [
        { policy: "prioritized" },
        { policy: "overflow" },
        { policy: "pinned", timeoutMs: 3_000 },
        { policy: "prioritized" },
        null,
      ];
      for (const [turn, priority = null] of policies.entries()) {
        const { settings } = await made.admin.updateDurable(made.stream, made.durable, { priority });
        expect(settings.priority).toEqual(priority);
        await slowly(made, ids(10 * (turn + 1), 10 * (turn + 1) + 3));
      }
      expect(reader.deliveries).toHaveLength(18);
    });
  });
}
