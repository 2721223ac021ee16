/** Everything that `runtime/broker.ts` promises, on whatever servers it is asked. */
import { describeBatches } from "./batches.ts";
import { describeDelivering } from "./delivering.ts";
import { describeInHand } from "./in-hand.ts";
import { describeMissing } from "./missing.ts";
import { describeOutages } from "./outages.ts";
import { describePausing } from "./pausing.ts";
import { describePriority } from "./priority.ts";
import { describePublishing } from "./publishing.ts";
import type { ServerFixture } from "./server-fixture.ts";
import { describeSettling } from "./settling.ts";
import { describeSharing } from "./sharing.ts";
import { describeStopping } from "./stopping.ts";
import { describeWindow } from "./window.ts";

/**
 * Declares the tests of all properties. What holds under load while servers
 * are killed is in nemeses.ts; logins and permissions are in ../connection.system.test.ts.
 */
export function describeConformance(servers: ServerFixture): void {
  describePublishing(servers);
  describeWindow(servers);
  describeBatches(servers);
  describeDelivering(servers);
  describeSharing(servers);
  describeSettling(servers);
  describeInHand(servers);
  describeStopping(servers);
  describePausing(servers);
  describePriority(servers);
  describeMissing(servers);
  describeOutages(servers);
}
