/** The documents of `testdata/` that are accepted. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const testdata = join(import.meta.dirname, "..", "testdata");

/** One of them. */
export interface AcceptedCase {
  readonly name: string;
  readonly folder: string;
  readonly text: string;
}

/** Every document of `testdata/` of which no error is printed, warnings or not. */
export function acceptedCases(): readonly AcceptedCase[] {
  return readdirSync(testdata).flatMap((name) => {
    const folder = join(testdata, name);
    const said = join(folder, "diagnostics.txt");
    if (existsSync(said) && / error [A-Z_]+ /.test(readFileSync(said, "utf8"))) return [];
    return [{ name, folder, text: readFileSync(join(folder, "asyncapi.yaml"), "utf8") }];
  });
}
