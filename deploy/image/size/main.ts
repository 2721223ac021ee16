/**
 * `npm run image:size`: builds every image and the naive one, and prints how large they are. Exit code 0 when all are
 * within the limits, 1 when one is not or it did not work, 2 for wrong arguments.
 */
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { isUsageError, usageText } from "../../../ops/usage-error.ts";
import { dockerProblem } from "../../engine/docker.ts";
import { measureImages } from "./measure-images.ts";
import { sizeTable } from "./judge-sizes.ts";

const HELP = `Builds the images and the naive one, and prints how large each is. A MB is a million bytes.

  npm run image:size [-- --naive-base IMAGE]

  --naive-base IMAGE   what the naive image stands on; default node:24. Where it cannot be had, what the images are built
                       with, and then that they have a tenth of it at most is not judged
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { "naive-base": { type: "string", default: "node:24" }, help: { type: "boolean", short: "h" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const problem = await dockerProblem();
  if (problem !== undefined) {
    console.error(`Nothing was measured: ${problem}.`);
    return 1;
  }
  const root = fileURLToPath(new URL("../../../", import.meta.url));
  const onProgress = (text: string): void => console.error(text);
  const measured = await measureImages({ root, naiveBase: values["naive-base"], onProgress });
  const { naive, naiveBase, sizes, notJudged } = measured;
  console.log(sizeTable(`naive (${naiveBase})`, naive, sizes));
  const faults = sizes.flatMap((size) => size.faults);
  if (notJudged !== undefined)
    console.log(`That ours have at most a tenth of the naive image was not judged: ${notJudged}.`);
  for (const fault of faults) console.error(`✗ ${fault}`);
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  const isUsage = isUsageError(error);
  console.error(isUsage ? `${usageText(error, HELP)}\n\n${HELP}` : error instanceof Error ? error.message : error);
  process.exitCode = isUsage ? 2 : 1;
}
