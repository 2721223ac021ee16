import { describe, expect, it } from "vitest";
import { eventually } from "../../lab/testing/eventually.ts";
import { databaseForTest, natsServerForTest } from "../../lab/testing/servers.ts";
import { cause, rigsForTests, type Rig } from "./things-rig.ts";

const nats = await natsServerForTest();
const database = await databaseForTest();
const openRig = rigsForTests();

/** Starts the maker with a route that publishes the thing of its path, and tells of those that it accepted. */
async function startDoor(rig: Rig, backlogLimit: string) {
  const accepted: string[] = [];
  const maker = await rig.startMaker({
    env: { HTTP_BACKLOG_LIMIT: backlogLimit },
    http:
      ({ transact }) =>
      (request, response) => {
        if (request.method === "GET") return void response.end("read");
        const thing_id = (request.url ?? "").slice(1);
        transact(cause, async ({ publish }) => publish.thingMade({ thing_id, count: 1 })).then(
          () => {
            accepted.push(thing_id);
            response.writeHead(202).end();
          },
          (error: unknown) => response.destroy(error instanceof Error ? error : undefined),
        );
      },
  });
  let sent = 0;
  const post = async () => fetch(`${maker.url}/t-${(sent += 1)}`, { method: "POST" });
  return { maker, accepted, post };
}

describe("while NATS is away", () => {
  it("the door closes to what publishes before anything breaks, loses nothing, and opens by itself", async () => {
    const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
    const handled: string[] = [];
    await rig.startTaker(({ thing_id }) => void handled.push(thing_id));
    const { maker, accepted, post } = await startDoor(rig, "2");
    expect((await post()).status).toBe(202);
    await rig.settled();

    await nats.kill();
    const refused = await eventually(async () => {
      const answer = await post();
      return answer.status === 503 && answer;
    });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
    const seconds = Number(refused.headers.get("retry-after"));
    expect(seconds >= 5 && seconds <= 15).toBe(true);
    expect(await refused.json()).toMatchObject({ code: "BACKLOG", status: 503 });
    expect(accepted.length).toBeGreaterThan(1);
    // What changes nothing is answered, and so are those who watch.
    expect(await (await fetch(`${maker.url}/`)).text()).toBe("read");
    expect((await fetch(`${maker.url}/health/live`)).status).toBe(200);
    const metrics = await (await fetch(`${maker.url}/metrics`)).text();
    expect(metrics).toMatch(/tandem_http_refused_total\{reason="backlog",.*\} [1-9]/);

    await nats.restart();
    await eventually(async () => (await post()).status === 202);
    await rig.settled();
    expect(handled.toSorted()).toEqual(accepted.toSorted());
    expect(await rig.deadLetters()).toEqual([]);
  });
});

it("what the broker refused keeps nobody out", async () => {
  const rig = await openRig({ natsUrl: nats.url, databaseUrl: database.url });
  const { maker, post } = await startDoor(rig, "1");
  // A row that was refused long ago, and one behind it.
  const schema = rig.contract.maker.name;
  await maker.context.transact(cause, async ({ tx, publish }) => {
    publish.thingMade({ thing_id: "refused", count: 1 });
    publish.thingMade({ thing_id: "refused", count: 2 });
    await tx.query("select 1");
  });
  await rig.settled();
  const copied = await rig.rows(
    `insert into "${schema}".tandem_outbox (key, sequence, event, event_id, occurred_at, correlation_id, causation_id, versions, created_at, attempts, next_attempt_at)
     select key, sequence + 10, event, gen_random_uuid(), occurred_at, correlation_id, causation_id, versions,
            now() - interval '1 hour', case sequence when 1 then 3 else 0 end, now() + interval '1 hour'
       from "${schema}".tandem_published returning attempts`,
  );
  expect(copied).toHaveLength(2);
  const age = async () => {
    const [, value] =
      /tandem_outbox_oldest_age_seconds\{.*\} (\S+)/.exec(await (await fetch(`${maker.url}/metrics`)).text()) ?? [];
    return Number(value);
  };
  expect(await age()).toBeGreaterThan(3_000);
  // Longer than the door takes to look again.
  const until = Date.now() + 2_500;
  while (Date.now() < until) expect((await post()).status).toBe(202);
  await rig.rows(
    `delete from "${schema}".tandem_outbox where attempts > 0 or created_at < now() - interval '30 minutes'`,
  );
});
