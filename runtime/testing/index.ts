/** For tests of handlers: a whole system in one process, on real servers, whose time a test moves. */
export { systemClock } from "../clock.ts";
export { TESTING_ERRORS, TestingError, type TestingErrorCode } from "./errors.ts";
export type { DeadLetter, PublishedEvent } from "./facts.ts";
export type { LogLine } from "./log-lines.ts";
export { ManualClock } from "./manual-clock.ts";
export type { OutsideMessage, OutsideOrigin } from "./outsider.ts";
export type { SettledOptions } from "./rest.ts";
export { serve, type ServedService, type Start } from "./served-service.ts";
export { startTestServers, type NamedServers, type TestServers } from "./servers/servers.ts";
export { startTestSystem } from "./start-test-system.ts";
export type { Story, StoryDelivery, StoryEvent } from "./story.ts";
export type { DeadLetterFilter, DeliveryFilter, StopOptions, TestSystem, TestSystemOptions } from "./test-system.ts";
export type { TestTopology } from "./topology.ts";
