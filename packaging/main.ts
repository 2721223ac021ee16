/** `npm run pack`: builds the two packages and writes their tarballs to dist/. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { takeNoArguments } from "../ops/no-arguments.ts";
import { packAll } from "./pack.ts";

const HELP = `Builds the two packages and writes their tarballs to dist/.

  npm run pack
`;

takeNoArguments(HELP);

const root = fileURLToPath(new URL("../", import.meta.url));

try {
  for (const { file, size, unpackedSize, files } of Object.values(await packAll(root, `${root}dist`))) {
    console.log(
      `${relative(root, file)}: ${kilobytes(size)}, unpacked ${kilobytes(unpackedSize)} in ${files.length} files`,
    );
  }
} catch (error) {
  // The compiler's and the bundler's own words say what is wrong and where; a stack of ours adds nothing.
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`;
}
