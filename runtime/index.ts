/** The public face of @tandem/runtime: what generated code and services import. */
export {
  DESCRIPTOR_FORMAT,
  defineEvent,
  defineMessage,
  defineRoute,
  defineService,
  type DurableDescriptor,
  type EventDescriptor,
  type EvolutionDescriptor,
  type Handler,
  type MessageDescriptor,
  type Payload,
  type RetryPolicy,
  type RouteDescriptor,
  type ServiceDescriptor,
  type SubscriptionDescriptor,
  type Validator,
  type Violation,
} from "./descriptors.ts";
export type { Clock } from "./clock.ts";
export { DependencyDownError } from "./dependency-down.ts";
export { createDependency, type Dependency, type DependencyOptions } from "./dependency.ts";
export {
  classify,
  PermanentError,
  RUNTIME_ERRORS,
  TandemError,
  type FailureClass,
  type RuntimeErrorCode,
} from "./errors.ts";
export { UNREPRESENTABLE, type Unrepresentable, type UnrepresentablePolicy } from "./evolution.ts";
export { hide, hiding } from "./redaction/hidden-values.ts";
export { redactData, redactText } from "./redaction/redact.ts";
export { readJson, type JsonRead } from "./json/read-json.ts";
export { isIdentifier } from "./events/envelope.ts";
export { describeFaults, listFaults, type Fault } from "./events/faults.ts";
export type { Cause } from "./events/outgoing.ts";
export type { DeliveryInfo, EventMeta, HandlerContext, Transaction } from "./handler.ts";
export type { DeliveryReport, ServiceObserver } from "./observer.ts";
export type { Queryable } from "./postgres/database.ts";
export type { Run, Transact } from "./postgres/unit-of-work.ts";
export { EXIT_CODES, runService, type ProcessOptions } from "./service/run-service.ts";
export type {
  BodyLimits,
  Job,
  RunningService,
  ServiceContext,
  ServiceOptions,
  WithEvolutions,
} from "./service/service-options.ts";
export { startService } from "./service/start-service.ts";
/** Kinds of settings: `setting.integer({ ... })`. */
export * as setting from "./settings/setting.ts";
export type { Setting, SettingDeclarations, SettingValues } from "./settings/setting.ts";
