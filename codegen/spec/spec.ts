/** The first stage: from text to a contract that can be trusted. */
import type { Contract } from "./contract.ts";
import { checkExtensions, checkForeign, isOurs, isUnderstood } from "./extensions.ts";
import { isObject, own } from "./json.ts";
import { judge as parserAsJudge, type Judge } from "./judge.ts";
import { lint } from "./lint/lint.ts";
import { lintForeign } from "./lint/foreign.ts";
import { readContract } from "./read/read.ts";
import { onlyWhatIsRead } from "./reads.ts";
import { checkRefs } from "./refs.ts";
import type { Report } from "./report.ts";
import { checkSchemas } from "./schema-rules.ts";
import type { Source } from "./source.ts";
import { majorOf } from "./version.ts";

/**
 * Reads a document into a contract. Each gate stands on the one before, so that causes are reported and not what
 * follows from them.
 * @returns Undefined when the document cannot be trusted; the report says why.
 */
export async function understand(
  source: Source,
  report: Report,
  judge: Judge = parserAsJudge,
): Promise<Contract | undefined> {
  if (!isReadableVersion(source.data, report) || !isUnderstood(source.data, report)) return undefined;
  await checkShape(source, report, judge);
  if (report.hasErrors) return undefined;
  const contract = readContract(source, report);
  if (contract.ours) lint(contract, report);
  else lintForeign(contract, report);
  return report.hasErrors ? undefined : onlyWhatIsRead(contract);
}

/** References, schemas, extensions and AsyncAPI itself. */
async function checkShape(source: Source, report: Report, judge: Judge): Promise<void> {
  const misled = checkRefs(source.data, report);
  checkSchemas(source.data, report);
  if (isOurs(source.data)) await checkExtensions(source.data, report);
  else checkForeign(source.data, report);
  // The judge would follow references over the network.
  if (!report.has("REF_EXTERNAL_UNSUPPORTED")) await judge(source, misled, report);
}

function isReadableVersion(document: unknown, report: Report): boolean {
  const version = own(document, "asyncapi");
  if (!isObject(document) || typeof version !== "string") {
    const [at, message] =
      version === undefined
        ? ["", "this is not an AsyncAPI document"]
        : ["/asyncapi", "the version of AsyncAPI is not a text of three numbers"];
    const hint =
      typeof document === "string" && document.includes("asyncapi")
        ? "The file is one text in quotes: write what stands inside them, as it was before it was quoted."
        : "Its first line says which version it is written in: asyncapi: 3.0.0.";
    report.error("NOT_ASYNCAPI", at, message, hint);
    return false;
  }
  const major = majorOf(document);
  if (major === undefined) {
    report.error(
      "ASYNCAPI_VERSION_UNSUPPORTED",
      "/asyncapi",
      `AsyncAPI ${version} is unsupported`,
      "Write the document as asyncapi: 3.0.0; versions 2.0 to 3.1 are read.",
    );
    return false;
  }
  if (major === 3 || !isOurs(document)) return true;
  const hint = "Write the contract as asyncapi: 3.0.0; documents of version 2 are read without our extensions.";
  report.error("ASYNCAPI_VERSION_UNSUPPORTED", "/asyncapi", `x-tandem in AsyncAPI ${version} is unsupported`, hint);
  return false;
}
