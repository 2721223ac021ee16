/** How much memory this process really holds: what is left after the garbage went. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect: unknown = runInNewContext("gc");

/** Megabytes that are reachable now, in the heap and in buffers beside it. */
export function liveMegabytes(): number {
  if (typeof collect !== "function") throw new Error("This Node has no garbage collection to ask for.");
  Reflect.apply(collect, undefined, []);
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return Math.round((heapUsed + arrayBuffers) / 1_000_000);
}
