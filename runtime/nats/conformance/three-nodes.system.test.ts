import { describe } from "vitest";
import { describeConformance } from "./conformance.ts";
import { PATIENT, threeNodes } from "./server-fixture.ts";

const servers = await threeNodes();

describe("the broker on three nodes", PATIENT, () => {
  describeConformance(servers);
});
