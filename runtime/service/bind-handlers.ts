/** The contract's side of a service met with its code. */
import { DESCRIPTOR_FORMAT, type ServiceDescriptor } from "../descriptors.ts";
import type { HandledEvent } from "../delivery/subscribe.ts";
import { TandemError } from "../errors.ts";

/**
 * Checks that the generated code was made for this runtime.
 *
 * @throws `DESCRIPTOR_FORMAT`
 */
export function checkFormat(descriptor: ServiceDescriptor): void {
  const { format } = descriptor;
  if (format === DESCRIPTOR_FORMAT) return;
  throw new TandemError(
    "DESCRIPTOR_FORMAT",
    `The generated code of ${descriptor.name} has descriptor format ${String(format)}, and this @tandem/runtime reads ${DESCRIPTOR_FORMAT}. ` +
      "Install the runtime and the tool in the same version, then run `npm run codegen`.",
  );
}

/**
 * Pairs each handled event with its handler. The compiler sees to it that they are there; this is for
 * code that went round it.
 *
 * @throws `HANDLER_MISSING` that names every event without one
 */
export function bindHandlers<Publish>(descriptor: ServiceDescriptor, handlers: object): HandledEvent<Publish>[] {
  const missing: string[] = [];
  const bound = Object.entries(descriptor.handles).map(([channel, subscription]): HandledEvent<Publish> => {
    const handler: unknown = Reflect.get(handlers, channel);
    if (typeof handler !== "function") missing.push(channel);
    return {
      subscription,
      handle: async (event, context) => {
        if (typeof handler === "function") await Reflect.apply(handler, handlers, [event, context]);
      },
    };
  });
  if (missing.length === 0) return bound;
  throw new TandemError(
    "HANDLER_MISSING",
    `${descriptor.name} handles ${missing.join(", ")} and brings no handler of that name.`,
  );
}
