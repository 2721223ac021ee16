/** The two services that a project begins with, and their test. */
import type { ProjectNames } from "./names.ts";

/** Their files, by path. */
export function serviceTexts(names: ProjectNames): readonly (readonly [path: string, text: string])[] {
  const { serviceFolder, readerFolder } = names;
  return [
    [`services/${serviceFolder}/main.ts`, publisherMain(names)],
    [`services/${serviceFolder}/publish-sample.ts`, publishSample(names)],
    [`services/${readerFolder}/main.ts`, readerMain(names)],
    [`services/${readerFolder}/handlers.ts`, handlers(names)],
    [`services/${readerFolder}/handlers.test.ts`, handlersTest(names)],
    [`services/${readerFolder}/schema.sql`, schema(names)],
  ];
}

function publisherMain({ service, serviceFolder }: ProjectNames): string {
  return `/** The service ${service} as a process. */
import { runService } from "@tandem/runtime";
import { ${service} } from "../../generated/services/${serviceFolder}.ts";
import { publishSample } from "./publish-sample.ts";

await runService(${service}, {
  description: "publishes one event a minute",
  handlers: {},
  jobs: [{ name: "sample", everyMs: 60_000, run: publishSample }],
});
`;
}

function publishSample({ event, key, publishesType, serviceFolder }: ProjectNames): string {
  return `/** Something happens once a minute: put what your service does in its place. */
import { randomUUID } from "node:crypto";
import type { ServiceContext } from "@tandem/runtime";
import type { ${publishesType} } from "../../generated/services/${serviceFolder}.ts";

/** Publishes one event. What is written with \`tx\` and what is published are one transaction. */
export async function publishSample({ transact }: Pick<ServiceContext<${publishesType}>, "transact">): Promise<void> {
  const id = randomUUID();
  await transact({ correlationId: id, causationId: id }, async ({ publish }) => {
    publish.${event}({ ${key}: id, text: "hello" });
  });
}
`;
}

function readerMain({ reader, readerFolder, handlers }: ProjectNames): string {
  return `/** The service ${reader} as a process. */
import { runService } from "@tandem/runtime";
import { ${reader} } from "../../generated/services/${readerFolder}.ts";
import { ${handlers} } from "./handlers.ts";

await runService(${reader}, {
  description: "reads every event",
  schema: new URL("./schema.sql", import.meta.url),
  handlers: ${handlers},
  httpPort: 3_001,
});
`;
}

function handlers({ reader, readerFolder, event, key, handlers, handlersType }: ProjectNames): string {
  return `/** What ${reader} does with each event that the contract says it reads. */
import type { ${handlersType} } from "../../generated/services/${readerFolder}.ts";

export const ${handlers}: ${handlersType} = {
  /** Writes it down. The event counts as handled when this transaction is committed, and only then. */
  async ${event}(body, { tx, log }) {
    await tx.query("insert into seen (id, text) values ($1, $2)", [body.${key}, body.text]);
    log.info("written down");
  },
};
`;
}

function handlersTest(names: ProjectNames): string {
  const { service, reader, event, eventFolder, key, handlers, serviceFolder, readerFolder } = names;
  return `/** The handlers on a real NATS server and a real PostgreSQL. */
import { afterEach, expect, it } from "vitest";
import { serve, startTestSystem, type TestSystem } from "@tandem/runtime/testing";
import { ${event} } from "../../generated/events/${eventFolder}/event.ts";
import { ${service} } from "../../generated/services/${serviceFolder}.ts";
import { ${reader} } from "../../generated/services/${readerFolder}.ts";
import { publishSample } from "../${serviceFolder}/publish-sample.ts";
import { ${handlers} } from "./handlers.ts";

const reading = serve(${reader}, { handlers: ${handlers}, schema: new URL("./schema.sql", import.meta.url) });
let system: TestSystem | undefined;

afterEach(async () => {
  await system?.stop();
  system = undefined;
});

it("writes an event down", async () => {
  system = await startTestSystem({ services: [reading] });
  await system.publish(${event}, { ${key}: "1", text: "hello" });
  await system.settled();
  const { rows } = await system.database(${reader}).query("select id, text from seen");
  expect(rows).toEqual([{ id: "1", text: "hello" }]);
});

it("reads what ${service} publishes", async () => {
  const jobs = [{ name: "sample", everyMs: 60_000, run: publishSample }];
  system = await startTestSystem({ services: [reading, serve(${service}, { handlers: {}, jobs })] });
  await system.clock.advance(60_000);
  await system.settled();
  expect(await system.published(${event})).toHaveLength(2);
  expect(system.handled({ service: "${reader}" })).toHaveLength(2);
});
`;
}

function schema({ reader }: ProjectNames): string {
  return `-- What ${reader} remembers. It is run at each start, in the service's own schema.
create table if not exists seen (
  id text primary key,
  text text not null
);
`;
}
