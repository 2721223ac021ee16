import { expect, it } from "vitest";
import type { Command } from "./command.ts";
import { deadLettersCommand } from "./dead-letters/command.ts";
import { evolveCommand } from "./evolve/command.ts";
import { keysCommand } from "./keys/command.ts";
import { leftoversCommand } from "./leftovers/command.ts";
import { permissionsCommand } from "./permissions/command.ts";
import { promisesCommand } from "./promises/command.ts";
import { provisionCommand } from "./provision/command.ts";
import { statusCommand } from "./status/command.ts";
import { stewardCommand } from "./steward/command.ts";
import { traceCommand } from "./trace/command.ts";
import { isUsageError, usageText } from "./usage-error.ts";
import { verifyCommand } from "./verify/command.ts";

// Nothing listens on port 1, and nobody should have asked it.
const surroundings = { env: { NATS_URL: "nats://127.0.0.1:1" }, print: () => undefined };

const CASES: readonly (readonly [Command, string, string])[] = [
  [provisionCommand, "--allow subject:ORDERS", "contract, version, subjects, max-age, replicas"],
  [provisionCommand, "--allow subject:ORDERS", "Did you mean subjects?"],
  [provisionCommand, "--allow everything", '--allow "everything" allows nothing'],
  [provisionCommand, "--allow subjects", "subjects:STREAM"],
  [provisionCommand, "--alow replicas", "Unknown option '--alow'. Did you mean --allow?"],
  [provisionCommand, "--wait soon", "--wait is a whole number of seconds"],
  [provisionCommand, "--wait", "argument missing"],
  [provisionCommand, "--server develpment --wait 60", "Did you mean development?"],
  [statusCommand, "--wach", "Did you mean --watch?"],
  [statusCommand, "--zzzzzz", "Unknown option '--zzzzzz'."],
  [statusCommand, "everything", "Unexpected argument 'everything'"],
  [keysCommand, "rotat order", "Did you mean rotate?"],
  [keysCommand, "rotate", "tandem keys rotate IDENTITY"],
  [permissionsCommand, "--accounts all", '--accounts is one of one, each, not "all".'],
  [traceCommand, "", "tandem trace KEY"],
  [evolveCommand, "", "Say what to do: status, open"],
  [evolveCommand, "statsu", "Did you mean status?"],
  [leftoversCommand, "--format jsn", "Did you mean json?"],
  [deadLettersCommand, "lst", "Did you mean list?"],
  [deadLettersCommand, "list --state opne", "Did you mean open?"],
  [verifyCommand, "--watch soon", "--watch is a whole number"],
  [stewardCommand, "--one", "Did you mean --once?"],
  [promisesCommand, "--strikt", "Did you mean --strict?"],
];

it.each(CASES)("$name %s is an error about arguments", async (command, words, sentence) => {
  const refused: unknown = await command.run(words.split(" ").filter(Boolean), surroundings).catch((error) => error);
  if (!isUsageError(refused)) throw new Error("it was not refused", { cause: refused });
  expect(usageText(refused, command.help)).toContain(sentence);
});

it("shows one sentence of what parseArgs says", async () => {
  const refused: unknown = await statusCommand.run(["--nothing"], surroundings).catch((error) => error);
  if (!isUsageError(refused)) throw new Error("it was not refused", { cause: refused });
  expect(usageText(refused, statusCommand.help)).toBe("Unknown option '--nothing'.");
});

it("takes no other error for one about arguments", () => {
  expect(isUsageError(new TypeError("no code"))).toBe(false);
  expect(isUsageError(Object.assign(new TypeError("of Node"), { code: "ERR_INVALID_ARG_TYPE" }))).toBe(false);
});
