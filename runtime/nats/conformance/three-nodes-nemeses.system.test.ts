import { describe } from "vitest";
import { describeLeaderNemeses, describeNemeses } from "./nemeses.ts";
import { PATIENT, threeNodes } from "./server-fixture.ts";

// On a cluster of their own: elections are waited for, and the other properties need not wait with them.
const servers = await threeNodes();

describe("the broker on three nodes", PATIENT, () => {
  describeNemeses(servers);
  describeLeaderNemeses(servers);
});
