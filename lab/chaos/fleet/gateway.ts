/** The fake gateway of a fleet: how it misbehaves now, over its own restarts too. */
import type { Rule } from "../../gateway/behaviour.ts";
import type { Member } from "./member.ts";

/** Cards with this price are declined at all times: some orders must fail for a reason that is nobody's fault. */
const ALWAYS: readonly Rule[] = [{ mode: "decline", amount: 450 }];

export interface FleetGateway {
  readonly member: Member;
  /** Its own ledger, JSON lines. */
  readonly ledgerFile: string;
  /** Makes it misbehave; with no rules it behaves again. */
  behave(...rules: readonly Rule[]): Promise<void>;
}

/** Holds the rules of a gateway. Call `remind` when it was started again. */
export function gatewayOf(member: Member, ledgerFile: string): FleetGateway & { remind(): Promise<void> } {
  let rules: readonly Rule[] = [];
  const tell = async (): Promise<void> => {
    await member.ready();
    const body = JSON.stringify([...rules, ...ALWAYS]);
    const response = await fetch(`${member.url}/behaviour`, { method: "PUT", body });
    if (!response.ok) throw new Error(`The gateway did not take its rules: ${await response.text()}`);
  };
  return {
    member,
    ledgerFile,
    remind: tell,
    async behave(...next) {
      rules = next;
      await tell();
    },
  };
}
