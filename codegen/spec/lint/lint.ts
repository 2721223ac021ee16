/** Every rule for contracts of ours, beyond what AsyncAPI itself asks. */
import type { Contract } from "../contract.ts";
import type { Report } from "../report.ts";
import { lintChannels } from "./channels.ts";
import { lintClaims } from "./claims.ts";
import { lintMessages } from "./messages.ts";
import { lintOperations } from "./operations.ts";
import { lintRoutes } from "./routes.ts";
import { lintStreams } from "./streams.ts";
import { lintVersions } from "./versions.ts";

/** Reports what a contract says that cannot become a system. */
export function lint(contract: Contract, report: Report, today = new Date()): void {
  lintChannels(contract, report);
  lintMessages(contract, report);
  lintVersions(contract, report, today);
  lintOperations(contract, report);
  lintStreams(contract, report);
  lintRoutes(contract, report);
  lintClaims(contract, report);
}
