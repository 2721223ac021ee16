#!/usr/bin/env node
/*
 * The command `tandem` of the package. Plain old JavaScript on purpose, down to Node 12: a Node that cannot
 * run the tool must still get as far as the sentence below.
 */
var needed = [22, 18];
var found = process.versions.node.split(".").map(Number);

if (found[0] > needed[0] || (found[0] === needed[0] && found[1] >= needed[1])) {
  import("../dist/main.js");
} else {
  console.error(
    "tandem needs Node " +
      needed.join(".") +
      " or newer; this is Node " +
      process.versions.node +
      ".\n" +
      "Install a newer one, or bring one with the project: npm install --save-dev node@24, then npx tandem.",
  );
  process.exit(1);
}
