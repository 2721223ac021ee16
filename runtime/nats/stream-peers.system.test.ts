import { expect, it, onTestFinished } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { openAdmin } from "./admin.ts";
import { PATIENT, threeNodes } from "./conformance/server-fixture.ts";

const servers = await threeNodes();

it("tells who stores a stream, and who of them is away until it is back", PATIENT, async () => {
  const admin = await openAdmin({ servers: servers.urls, deadlineMs: 10_000 });
  onTestFinished(() => admin.close());
  await admin.createStream("THINGS", { subjects: ["things.>"], replicas: 3 });
  await admin.createStream("ALONE", { subjects: ["alone.>"] });
  const peers = async () => (await admin.stream("THINGS"))?.peers ?? [];
  const away = async () => (await peers()).filter(({ current }) => !current).map(({ server }) => server);
  const waiting = { deadlineMs: 60_000, intervalMs: 500 };

  expect(new Set((await peers()).map(({ server }) => server))).toEqual(new Set(["node-1", "node-2", "node-3"]));
  await eventually(async () => (await away()).length === 0, waiting);
  expect((await admin.stream("ALONE"))?.peers).toEqual([{ server: expect.stringMatching(/^node-\d$/), current: true }]);

  const [gone] = servers.nodes;
  await gone?.kill();
  await eventually(async () => (await away()).join() === "node-1", waiting);
  await admin.publish({ subject: "things.1", messageId: "1", headers: {}, data: new Uint8Array() });

  await gone?.restart();
  await eventually(async () => (await away()).length === 0 && (await peers()).length === 3, waiting);
});
