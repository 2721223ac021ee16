/*
 * Starts a TypeScript file of this project:  node launch.mjs services/order/main.ts [arguments]
 *
 * This file is plain old JavaScript on purpose, down to Node 12: a Node that cannot run TypeScript must
 * still get as far as the sentence below. Started directly, a .ts file would greet it with a stack trace.
 */
import { existsSync } from "fs";
import * as nodeModule from "module";
import { resolve } from "path";
import { fileURLToPath, pathToFileURL } from "url";

var file = process.argv[2];

if (file === undefined) {
  stop("launch.mjs needs the file to start, for example: node launch.mjs services/order/main.ts");
}
if (!existsSync(file)) {
  stop("There is no file " + resolve(file) + ". Give launch.mjs a path from the folder you are in.");
}
if (!process.features.typescript) {
  stop(
    file +
      " is TypeScript, which needs Node 22.18 or newer (this project brings Node 24); this is Node " +
      process.versions.node +
      ".\n" +
      (existsSync(new URL("./node_modules/node", import.meta.url)) ? "Start it" : "Run `npm ci`, then start it") +
      " through npm, which uses the project's own Node: " +
      npmCommand(file),
  );
}

// What Node compiles, and what it makes of TypeScript, is kept for the next start.
var packages = new URL("./node_modules", import.meta.url);
if (nodeModule.enableCompileCache && existsSync(packages)) {
  nodeModule.enableCompileCache(fileURLToPath(packages) + "/.cache/tandem/code");
}

// The file sees the arguments as if it had been started itself.
process.argv.splice(1, 2, resolve(file));
import(pathToFileURL(resolve(file)).href);

function npmCommand(path) {
  var service = /services[\\/]([a-z0-9-]+)[\\/]main\.ts$/.exec(path);
  return service ? "npm run start:" + service[1] : "npx node launch.mjs " + path;
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}
