import { expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import type { Hold } from "./admin-shapes.ts";
import { adminForTest, streamForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();
const MINUTE_MS = 60_000;

async function rig() {
  const admin = await adminForTest(nats.url);
  const stream = await streamForTest(admin);
  const take = (holder: string, ttlMs = MINUTE_MS) => admin.hold(stream, "the-one", { holder, ttlMs });
  return { admin, stream, take };
}

function held(answer: Awaited<ReturnType<Awaited<ReturnType<typeof rig>>["take"]>>): Hold {
  if ("heldBy" in answer) throw new Error(`${answer.heldBy} holds it`);
  return answer;
}

it("is held by one at a time, and given on when it is released", async () => {
  const { take } = await rig();
  const mine = held(await take("a"));
  expect(await take("b")).toEqual({ heldBy: "a" });
  expect(await mine.renew()).toBe(true);
  expect(await take("b")).toEqual({ heldBy: "a" });
  await mine.release();
  const other = await eventually(async () => {
    const answer = await take("b");
    return "renew" in answer && answer;
  });
  expect(await mine.renew()).toBe(false);
  expect(await other.renew()).toBe(true);
});

it("is one of ten who come at once", async () => {
  const { take } = await rig();
  const answers = await Promise.all(Array.from({ length: 10 }, (_, place) => take(`p${place}`)));
  expect(answers.filter((answer) => "renew" in answer)).toHaveLength(1);
});

it("is lost by who is not heard of for its time, and says so", async () => {
  const { take } = await rig();
  const lost = held(await take("crashed", 100));
  await eventually(async () => "renew" in (await take("b")));
  expect(await lost.renew()).toBe(false);
});

it("is no durable of the stream", async () => {
  const { admin, stream, take } = await rig();
  await take("a");
  expect((await admin.durables(stream)).filter(({ durable }) => durable)).toEqual([]);
});
