import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hasErrors } from "../diagnostic.ts";
import { readModel } from "../generate.ts";
import { QuickJudge } from "./quick-judge.ts";

const testdata = join(import.meta.dirname, "..", "testdata");
const contract = readFileSync(join(import.meta.dirname, "..", "..", "asyncapi.yaml"), "utf8");

/** Whether a contract is accepted at once, without the parser. */
async function acceptsAtOnce(quick: QuickJudge, text: string, folder = testdata): Promise<boolean> {
  quick.forget();
  const read = async (path: string) =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined;
  const { diagnostics } = await readModel("asyncapi.yaml", text, { read, judge: quick.judge });
  return quick.isSure && !hasErrors(diagnostics);
}

/** Whether a single run accepts it, which asks the parser. */
async function accepts(text: string, folder: string): Promise<boolean> {
  const read = async (path: string) =>
    existsSync(join(folder, path)) ? readFileSync(join(folder, path), "utf8") : undefined;
  return !hasErrors((await readModel("asyncapi.yaml", text, { read })).diagnostics);
}

it("accepts of all documents at hand none that the parser refuses, and most that it accepts", async () => {
  const verdicts: { name: string; atOnce: boolean; accepted: boolean }[] = [];
  for (const name of readdirSync(testdata)) {
    const folder = join(testdata, name);
    const text = readFileSync(join(folder, "asyncapi.yaml"), "utf8");
    verdicts.push({
      name,
      atOnce: await acceptsAtOnce(new QuickJudge(), text, folder).catch(() => false),
      accepted: await accepts(text, folder),
    });
  }
  expect(verdicts.filter(({ atOnce, accepted }) => atOnce && !accepted)).toEqual([]);
  const accepted = verdicts.filter((verdict) => verdict.accepted);
  expect(accepted.filter(({ atOnce }) => atOnce).length).toBeGreaterThan(accepted.length / 2);
}, 300_000);

it("is not sure of schemas in another language, which the parser refuses where a reference leads to them", async () => {
  const text = `asyncapi: 3.0.0
info: { title: Things, version: 1.0.0 }
channels:
  made: { address: made, messages: { made: { payload: { $ref: '#/components/schemas/Made' } } } }
components:
  schemas:
    Made: { schemaFormat: application/vnd.oai.openapi;version=3.0.0, schema: { type: object } }
`;
  expect(await acceptsAtOnce(new QuickJudge(), text)).toBe(false);
}, 60_000);

describe("after a document that the parser has accepted", () => {
  const changed = (from: string, to: string): string => {
    const text = contract.replace(from, to);
    expect(text).not.toBe(contract);
    return text;
  };

  it("is sure of what has new entries, and not of what is wrong in one", async () => {
    const quick = new QuickJudge();
    expect(await acceptsAtOnce(quick, contract)).toBe(true);
    quick.confirm();
    expect(await acceptsAtOnce(quick, changed("title: ", "title: Another "))).toBe(true);
    expect(await acceptsAtOnce(quick, changed("action: send", "action: shout"))).toBe(false);
    expect(await acceptsAtOnce(quick, changed("info:", "infos:"))).toBe(false);
    expect(await acceptsAtOnce(quick, changed("host: ", "hosts: "))).toBe(false);
    expect(await acceptsAtOnce(quick, contract)).toBe(true);
  }, 120_000);

  it("looks at all of one that changes its version, whose meta-schema is another", async () => {
    const later = `asyncapi: 3.1.0
info: { title: Robots, version: 1.0.0 }
components:
  serverBindings: { all: { ros2: { rmwImplementation: rmw_fastrtps_cpp, domainId: 1 } } }
`;
    const earlier = later.replace("3.1.0", "3.0.0");
    const quick = new QuickJudge();
    expect([await acceptsAtOnce(quick, later), await accepts(later, testdata)]).toEqual([true, true]);
    quick.confirm();
    expect([await acceptsAtOnce(quick, earlier), await accepts(earlier, testdata)]).toEqual([false, false]);
  }, 120_000);
});
