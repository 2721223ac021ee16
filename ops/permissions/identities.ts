/** Who logs in to NATS. */
import { OpsError } from "../error.ts";
import { servicesOf, type Topology } from "../topology.ts";

/** Who is no service of the contract, and what each is for. */
export const TOOLS = {
  provisioner: "makes and changes streams and durables, and reads no message",
  steward: "looks after dead letters, and puts back what the broker lost",
  operator: "reads everything, and sends dead letters again",
  observer: "reads everything, and changes nothing",
} as const;

const TOOL_NAMES = Object.keys(TOOLS);

/**
 * Every identity of a system: its services, and the tools.
 * @throws OpsError when a service has the name of a tool
 */
export function identitiesOf(topology: Topology): readonly string[] {
  const publishers = topology.messages.flatMap(({ publisher }) => publisher ?? []);
  const services = [...new Set([...servicesOf(topology), ...publishers])].sort();
  const taken = services.find((service) => TOOL_NAMES.includes(service));
  if (taken !== undefined) {
    throw new OpsError(
      `A service of the contract is called ${taken}, as a tool that logs in by itself: rename the service.`,
    );
  }
  return [...services, ...TOOL_NAMES];
}

/** Begins the subjects on which an identity gets replies: nobody else may listen there. */
export function inboxOf(identity: string): string {
  return `_INBOX_${identity}`;
}
