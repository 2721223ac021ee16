import { describe } from "vitest";
import { describeConformance } from "./conformance.ts";
import { describeNemeses } from "./nemeses.ts";
import { PATIENT, singleNode } from "./server-fixture.ts";

const servers = await singleNode();

describe("the broker on one node", PATIENT, () => {
  describeConformance(servers);
  describeNemeses(servers);
});
