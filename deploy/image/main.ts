/** Runs inside the build of the images: stages their files.  node launch.mjs deploy/image/main.ts OUT */
import { fileURLToPath } from "node:url";
import { stageImages } from "./stage.ts";

const [out, ...more] = process.argv.slice(2);
const { SOURCE_DATE_EPOCH: epoch = "0", VERSION: version = "0" } = process.env;
if (out === undefined || more.length > 0 || !/^\d+$/.test(epoch)) {
  console.error("Write: [SOURCE_DATE_EPOCH=SECONDS] [VERSION=V] node launch.mjs deploy/image/main.ts OUT");
  process.exitCode = 2;
} else {
  await stageImages({
    root: fileURLToPath(new URL("../../", import.meta.url)),
    out,
    node: { file: process.execPath, version: process.versions.node },
    version,
    epoch: Number(epoch),
  });
}
