/** A repository whose texts mean harm. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Everything that a text could try: a script, images that load or fail, a link that runs, an image of Markdown. */
export const HARM = `<script>globalThis.harmed = true</script><img src="http://127.0.0.1:9/x.png" onerror="globalThis.harmed = true"> [a](javascript:alert(1)) ![b](http://127.0.0.1:9/y.png)`;

const CONTRACT = new URL("../../codegen/testdata/two-versions/asyncapi.yaml", import.meta.url);

/** Writes the repository into a new folder, and returns its path. */
export function hostileRepository(folder: string): string {
  const contract = readFileSync(CONTRACT, "utf8")
    .replace("title: Parcels,", () => `title: Parcels, description: ${JSON.stringify(HARM)},`)
    .replace("summary: A parcel is on its way.", () => `summary: ${JSON.stringify(HARM)}`)
    .replace("x-version: { number: 1,", () => `description: ${JSON.stringify(HARM)}\n      x-version: { number: 1,`);
  mkdirSync(join(folder, "docs"), { recursive: true });
  writeFileSync(join(folder, "asyncapi.yaml"), contract);
  writeFileSync(join(folder, "README.md"), `# Hostile\n\n${HARM}\n\n[gone](nowhere.md) [guide](docs/a.md#two)\n`);
  writeFileSync(join(folder, "docs", "a.md"), "# Guide\n\nOf two parts with one name.\n\n## Two\n\n## Two\n");
  return folder;
}
