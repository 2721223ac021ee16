import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openAdmin } from "@tandem/runtime/admin";
import { afterAll, describe, expect, it } from "vitest";
import { publishRaw } from "../../lab/testing/publish-raw.ts";
import { scratchDirectory } from "../../lab/testing/scratch-directory.ts";
import { natsForTest } from "../../lab/testing/servers.ts";
import { isUsageError } from "../usage-error.ts";
import { evolveCommand } from "./command.ts";

const { url } = await natsForTest();
const admin = await openAdmin({ servers: [url] });
afterAll(() => admin.close());

/** One event, one reader, and the version that is to come. */
const CONTRACT = `asyncapi: 3.0.0
x-tandem: 1
info: { title: Parcels, version: 1.0.0 }
servers: { development: { host: 'localhost:4222', protocol: nats } }
x-streams:
  PARCELS: { owner: sender, maxAge: P30D, duplicateWindow: PT10M }
  DEAD: { maxAge: P30D, duplicateWindow: PT10M }
channels:
  parcelSent:
    address: parcels.sent.{version}
    parameters: { version: { location: $message.payload#/version } }
    messages: { ParcelSentV1: { $ref: '#/components/messages/ParcelSentV1' } }
    x-stream: PARCELS
    x-event: { key: /parcel_id }
  deadLetters:
    address: dead.{service}.{event}.{version}
    parameters: { service: {}, event: {}, version: {} }
    x-stream: DEAD
operations:
  senderSends:
    action: send
    x-service: sender
    channel: { $ref: '#/channels/parcelSent' }
    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }]
  trackerHandles:
    action: receive
    x-service: tracker
    channel: { $ref: '#/channels/parcelSent' }
    messages: [{ $ref: '#/channels/parcelSent/messages/ParcelSentV1' }] # tracker
    x-dead-letter: { channel: { $ref: '#/channels/deadLetters' } }
components:
  messages:
    ParcelSentV1:
      payload: { $ref: '#/components/schemas/ParcelSentV1' }
      x-version: { number: 1 }
      examples: [{ payload: { version: v1, parcel_id: p-1, receiver: Ann } }]
  schemas:
    ParcelSentV1:
      type: object
      required: [version, parcel_id, receiver]
      properties: { version: { const: v1 }, parcel_id: { type: string }, receiver: { type: string } }
`;
const NEXT = `type: object
required: [parcel_id, recipient, weight]
properties:
  parcel_id: { type: string }
  recipient: { type: string }
  weight: { type: [number, 'null'] } # in grams
`;
const SENDER = `import type { ParcelSentV1 } from "#generated/events/parcel-sent/v1.ts";\nexport type Sent = ParcelSentV1;\n`;

interface Bench {
  /** Runs a command on the contract of this bench, or with other options. */
  run(...argv: readonly string[]): Promise<{ code: number; text: string }>;
  read(): Promise<string>;
  write(text: string): Promise<void>;
  readonly folder: string;
}

async function bench(text = CONTRACT, natsUrl = url): Promise<Bench> {
  const folder = await scratchDirectory();
  const file = join(folder, "asyncapi.yaml");
  await writeFile(file, text);
  await writeFile(join(folder, "next.yaml"), NEXT);
  await mkdir(join(folder, "services/sender"), { recursive: true });
  await writeFile(join(folder, "services/sender/main.ts"), SENDER);
  const places = [
    "--contract",
    file,
    "--services",
    join(folder, "services"),
    "--evolutions",
    join(folder, "evolutions"),
  ];
  return {
    folder,
    read: () => readFile(file, "utf8"),
    write: (changed) => writeFile(file, changed),
    async run(...argv) {
      const lines: string[] = [];
      try {
        const code = await evolveCommand.run([...argv, ...places], {
          env: { NATS_URL: natsUrl },
          print: (line) => lines.push(line),
        });
        return { code, text: lines.join("\n") };
      } catch (error) {
        return { code: isUsageError(error) ? 2 : 1, text: error instanceof Error ? error.message : String(error) };
      }
    },
  };
}

async function publish(version: number): Promise<void> {
  await publishRaw(url, { subject: `parcels.sent.v${version}`, headers: {}, data: new TextEncoder().encode("{}") });
}

it("takes an event from one version to the next, gate by gate", async () => {
  const { run, read, write, folder } = await bench();
  await admin.createStream("PARCELS", { subjects: ["parcels.sent.*"] });
  await admin.createDurable("PARCELS", "tracker-parcelSent-v1", { filterSubjects: ["parcels.sent.v1"] });
  const golden = join(folder, "evolutions/golden/ParcelSentV1.json");

  // Open: a dry run writes nothing.
  expect(await run("open", "parcelSent", "--schema", join(folder, "next.yaml"), "--dry-run")).toMatchObject({
    code: 0,
  });
  expect([await read(), existsSync(golden)]).toEqual([CONTRACT, false]);
  const opened = await run("open", "parcelSent", "--schema", join(folder, "next.yaml"));
  expect(opened).toMatchObject({
    code: 0,
    text: expect.stringContaining("ParcelSentV2: added, a copy of ParcelSentV1"),
  });
  expect(JSON.parse(await readFile(golden, "utf8"))).toEqual([
    { body: { version: "v1", parcel_id: "p-1", receiver: "Ann" } },
  ]);
  expect(await read()).toContain("- rename: { from: /receiver, to: /recipient } # unsure: the names are only alike");
  expect(await run("open", "parcelSent")).toMatchObject({
    code: 1,
    text: expect.stringContaining("has the draft ParcelSentV2 already"),
  });

  // Dual: a person has to look at what was guessed.
  expect(await run("advance", "parcelSent")).toMatchObject({
    code: 1,
    text: expect.stringContaining("unsure: the names are only alike"),
  });
  await write((await read()).replace(/ # unsure.*/, ""));
  expect(await run("advance", "parcelSent")).toMatchObject({
    code: 0,
    text: expect.stringContaining("ParcelSentV1 to ParcelSentV2 keeps the laws"),
  });
  expect(await run("status", "parcelSent")).toMatchObject({
    code: 0,
    text: expect.stringMatching(/v1 → v2: dual[^]*next: flip, not yet/),
  });

  // Flip: the reader lists the newer one, and the release that publishes both runs.
  await publish(1);
  const early = await run("advance", "parcels.sent");
  expect(early.code).toBe(1);
  expect(early.text).toMatch(/v1 was published .* ago and v2 never/);
  await publish(2);
  await write((await read()).replace("ParcelSentV1' }] # tracker", "ParcelSentV2' }] # tracker"));
  expect(await run("advance", "parcels.sent")).toMatchObject({
    code: 0,
    text: expect.stringContaining("writes: v1 → v2"),
  });
  const main = join(folder, "services/sender/main.ts");
  expect(await readFile(main, "utf8")).toBe(SENDER.replaceAll("V1", "V2").replace("v1.ts", "v2.ts"));

  // And back, and there again.
  expect(await run("back", "parcels.sent")).toMatchObject({ code: 0 });
  expect(await readFile(main, "utf8")).toBe(SENDER);
  expect(await run("advance", "parcels.sent")).toMatchObject({ code: 0 });

  // Deprecate and retire: not while a durable may be handed the older version.
  expect(await run("advance", "parcels.sent")).toMatchObject({
    code: 0,
    text: expect.stringContaining("state: added"),
  });
  const refused = await run("advance", "parcels.sent");
  expect(refused).toMatchObject({
    code: 1,
    text: expect.stringContaining("PARCELS/tracker-parcelSent-v1 reads parcels.sent.v1"),
  });
  await admin.deleteDurable("PARCELS", "tracker-parcelSent-v1");
  expect(await run("advance", "parcels.sent")).toMatchObject({
    code: 0,
    text: expect.stringContaining("deprecated → retired"),
  });
  expect(await read()).toContain("messages:\n      - { $ref: '#/channels/parcelSent/messages/ParcelSentV2' }\n");

  expect(await run("advance", "parcels.sent")).toMatchObject({
    code: 1,
    text: expect.stringContaining("one version that is in use"),
  });
  expect(await run("back", "parcels.sent", "--from", "v1")).toMatchObject({
    code: 1,
    text: expect.stringContaining("would miss that"),
  });
});

it("tells the status as data", async () => {
  const { run } = await bench();
  const { text } = await run("status", "parcels.sent", "--json");
  expect(JSON.parse(text)).toMatchObject({
    events: [
      {
        event: "parcels.sent",
        channel: "parcelSent",
        stream: "PARCELS",
        versions: [{ number: 1, state: "current", written: true, message: "ParcelSentV1" }],
      },
    ],
  });
});

it("refuses steps that break a law, with the payload that shows it", async () => {
  const { run, read, write, folder } = await bench();
  await run("open", "parcelSent", "--schema", join(folder, "next.yaml"));
  const before = (await read()).replace(/ # unsure.*/, "").replace(/ +lossy:\n.*\n.*\n/, "");
  await write(before);
  const { code, text } = await run("advance", "parcelSent");
  expect(code).toBe(1);
  expect(text).toMatch(/refused, nothing was changed/);
  expect(text).toMatch(/law \d+, [^]*weight/);
  expect(await read()).toBe(before);
});

describe("bad input", () => {
  it.each([
    ["an event that does not exist", ["status", "parcels.snet"], "Did you mean parcels.sent?"],
    ["a channel that does not exist", ["open", "parcelSend"], "Did you mean parcelSent?"],
    ["nothing to advance", ["advance", "parcelSent"], "one version that is in use"],
    ["no draft to infer", ["infer", "parcelSent"], "has no draft"],
    ["a schema that is not there", ["open", "parcelSent", "--schema", "/nowhere.yaml"], "/nowhere.yaml cannot be read"],
  ])("%s", async (_what, argv, sentence) => {
    expect(await (await bench()).run(...argv)).toMatchObject({ code: 1, text: expect.stringContaining(sentence) });
  });

  it("days that are none: the arguments are wrong", async () => {
    const { code, text } = await (await bench()).run("advance", "parcelSent", "--days", "soon");
    expect({ code, text }).toEqual({ code: 2, text: expect.stringContaining('--days is a number, not "soon"') });
  });

  it("a contract with errors: their places", async () => {
    const { run, read } = await bench(CONTRACT.replace("number: 1", "number: 0"));
    const { code, text } = await run("open", "parcelSent");
    expect(code).toBe(1);
    expect(text).toMatch(/asyncapi\.yaml:35:\d+ error EXTENSION_INVALID/);
    expect(await read()).toContain("number: 0");
  });

  it("a file that is not there, and words that are no command", async () => {
    const { run } = await bench();
    expect((await run("status", "--contract", "/nowhere.yaml")).code).toBe(0);
    const says = (text: string) => ({ code: 2, text: expect.stringContaining(text) });
    expect(await run("retreat", "parcelSent")).toMatchObject(says('not "retreat".'));
    expect(await run("statsu")).toMatchObject(says("Did you mean status?"));
    expect(await run("advance")).toMatchObject(says("tandem evolve advance EVENT"));
    expect(await run("advance", "parcelSent", "more")).toMatchObject(says("more is too many"));
    expect(await run("status", "--days", "few")).toMatchObject(says("--days is a number"));
    expect(await run("status", "--window", "0")).toMatchObject(says("--window is a number of minutes above 0"));
  });

  it("a broker that does not answer: the contract is told, and gates stay shut", async () => {
    const { run, read, write, folder } = await bench(CONTRACT, "nats://127.0.0.1:1");
    expect(await run("status")).toMatchObject({
      code: 0,
      text: expect.stringMatching(/v1 current, written[^]*Traffic and readers are not known/),
    });
    await run("open", "parcelSent", "--schema", join(folder, "next.yaml"));
    await write((await read()).replace(/ # unsure.*/, ""));
    expect(await run("advance", "parcelSent")).toMatchObject({ code: 0 });
    const dual = await read();
    expect(await run("advance", "parcelSent")).toMatchObject({
      code: 1,
      text: expect.stringContaining("who reads what is not known"),
    });
    expect(await read()).toBe(dual);
  });
});
