/** Names that mean something else where generated code stands. */

/** Words of the language, and values that every module sees. */
const VALUES = new Set(
  (
    "break case catch class const continue debugger default delete do else enum export extends false finally for function if import in " +
    "instanceof new null return super switch this throw true try typeof var void while with yield let static implements interface " +
    "package private protected public await async eval arguments undefined globalThis require module exports " +
    // Words of TypeScript's types.
    "any bigint boolean never number object string symbol unknown " +
    // What generated modules import or declare themselves.
    "defineMessage defineEvent defineService defineRoute validate validateBody validateHeaders " +
    // A publisher with this method would be taken for a promise.
    "then"
  ).split(" "),
);

/** Types that generated code may speak of without importing them. */
const TYPES = new Set(
  (
    "Array ReadonlyArray Boolean BigInt Date Error Function Infinity JSON Map Math NaN Number Object Omit Partial Pick Promise Readonly " +
    "Record RegExp Required Set String Symbol Exclude Extract NonNullable Awaited " +
    // What generated modules import from the runtime.
    "Handler HandlerContext Payload Validator Violation MessageDescriptor EventDescriptor ServiceDescriptor SubscriptionDescriptor " +
    "DurableDescriptor RouteDescriptor RetryPolicy Unrepresentable EvolutionDescriptor"
  ).split(" "),
);

/** Members that every object has: a publisher or handler of that name would hide one. */
const MEMBERS = new Set(Object.getOwnPropertyNames(Object.prototype));

/** Whether a constant, handler or publisher cannot be called so. */
export function isReservedValue(name: string): boolean {
  return VALUES.has(name) || MEMBERS.has(name);
}

/** Whether a type cannot be called so. */
export function isReservedType(name: string): boolean {
  return TYPES.has(name);
}
