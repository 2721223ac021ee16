// Ends in the way that its argument names, with something registered for the end. Run by process-end.test.ts.
import { atProcessEnd } from "../process-end.ts";

const [, , way] = process.argv;
atProcessEnd(() => {
  throw new Error("a failure of one must not keep the others from their work");
});
atProcessEnd(() => console.log("ended"));
const withdraw = atProcessEnd(() => console.log("withdrawn, and run all the same"));
withdraw();

if (way === "listen") process.on("SIGTERM", () => console.log("own shutdown"));
if (way === "throw") throw new Error("boom");
if (way === "exit") process.exit(3);
const held = setInterval(() => {}, 1_000);
if (way === "listen") process.once("SIGTERM", () => clearInterval(held));
console.log("ready");
