import { expect, it } from "vitest";
import { natsForTest } from "../../lab/testing/servers.ts";
import { adminForTest, brokerForTest, outgoing, streamForTest } from "./tests/fixtures.ts";

const nats = await natsForTest();

it("messages are counted by subject, and read without their bodies when only headers are asked for", async () => {
  const admin = await adminForTest(nats.url);
  const stream = await streamForTest(admin);
  const broker = brokerForTest(nats.url);
  for (const [subject, id] of [
    ["a", "1"],
    ["b", "2"],
    ["a", "3"],
  ] as const) {
    await broker.publish(outgoing(`${stream}.${subject}`, id, { "ce-id": id }));
  }
  expect(await admin.countSubjects(stream, `${stream}.>`)).toEqual(
    new Map([
      [`${stream}.a`, 2],
      [`${stream}.b`, 1],
    ]),
  );
  expect(await admin.countSubjects(stream, `${stream}.none`)).toEqual(new Map());
  const read: unknown[] = [];
  for await (const { headers, data } of admin.readStream(stream, { follow: false, headersOnly: true })) {
    read.push([headers["ce-id"], data.byteLength]);
  }
  expect(read).toEqual([
    ["1", 0],
    ["2", 0],
    ["3", 0],
  ]);
});
