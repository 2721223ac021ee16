import { BOOKS } from "./books.ts";
import type { Dashboard } from "./dashboard.ts";
import { FLOW } from "./flow.ts";
import { PROCESSES } from "./processes.ts";

/** Every dashboard. */
export const DASHBOARDS: readonly Dashboard[] = [FLOW, PROCESSES, BOOKS];
