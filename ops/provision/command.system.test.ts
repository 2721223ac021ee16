import { expect, it } from "vitest";
import { databaseForTest, natsForTest } from "../../lab/testing/servers.ts";
import { UsageError } from "../usage-error.ts";
import { provisionCommand } from "./command.ts";

const { url: natsUrl } = await natsForTest();
const database = await databaseForTest();

const adminUrl = new URL(database.url);
// Passwords of the roles follow from the administrator's.
adminUrl.password ||= "of the administrator";

async function run(...argv: readonly string[]): Promise<string> {
  const printed: string[] = [];
  const env = { NATS_URL: natsUrl, DATABASE_URL: adminUrl.href };
  expect(await provisionCommand.run(argv, { env, print: (text) => void printed.push(text) })).toBe(0);
  return printed.join("\n");
}

it("prints the connection strings of the roles, and no password where it is told so", async () => {
  const open = await run("--wait", "30");
  const password = /^role for order: postgres(?:ql)?:\/\/tandem_order:([\w-]{43})@/m.exec(open)?.[1] ?? "none";
  const closed = await run("--no-passwords");
  expect(closed).toMatch(/^role for order: postgres(?:ql)?:\/\/tandem_order:\*\*\*@/m);
  for (const text of [closed, await run("--no-passwords", "--json")]) {
    expect(text.includes(password)).toBe(false);
    expect(text).not.toContain(adminUrl.password);
  }
});

it("refuses a time that is none", async () => {
  const surroundings = { env: { NATS_URL: natsUrl }, print: () => undefined };
  await expect(provisionCommand.run(["--wait", "a while"], surroundings)).rejects.toThrow(UsageError);
});
