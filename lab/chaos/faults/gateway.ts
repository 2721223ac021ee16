import type { Rule } from "../../gateway/behaviour.ts";
import type { Aim, Fault } from "../fault.ts";
import type { Random } from "../random.ts";

/** A fault in which the gateway misbehaves by rules. */
function gatewayFault(
  name: string,
  says: string,
  aim: (random: Random) => Aim,
  rules: (aim: Aim) => readonly Rule[],
): Fault {
  return {
    ...{ name, kind: "gateway", says, seconds: [5, 10], aim },
    async begin({ gateway }, drawn) {
      await gateway.behave(...rules(drawn));
      return { says, end: () => gateway.behave() };
    },
  };
}

/** It answers with errors, and does nothing. */
export const gatewayErrors = gatewayFault(
  "gateway-errors",
  "the gateway answers every call with 500, 503 or 429",
  (random) => ({ status: random.pick([500, 503, 429]) }),
  ({ status }) => [{ mode: "error", status: Number(status) }],
);

/** It answers nothing, and does nothing. */
export const gatewayHangs = gatewayFault(
  "gateway-hangs",
  "the gateway never answers",
  () => ({}),
  () => [{ mode: "hang" }],
);

/** It takes or gives back the money, and says that it failed, or nothing. */
export const gatewayLies = gatewayFault(
  "gateway-lies",
  "the gateway does what it is asked, and answers an error or nothing",
  (random) => ({ status: random.pick([0, 500, 502]), times: random.between(5, 40) }),
  ({ status, times }) => [{ mode: "lie", times: Number(times), ...(status === 0 ? {} : { status: Number(status) }) }],
);

/** It does everything, later than anybody waits. */
export const gatewaySlow = gatewayFault(
  "gateway-slow",
  "the gateway takes longer than its callers wait, and does it all the same",
  (random) => ({ delayMs: random.pick([700, 1_300, 2_500]) }),
  ({ delayMs }) => [{ mode: "slow", delayMs: Number(delayMs) }],
);

/** SIGKILL of the gateway: what it answered is in its ledger, what it was about to answer may be. */
export const killGateway: Fault = {
  name: "kill-gateway",
  kind: "gateway",
  says: "SIGKILL of the gateway, twice; its ledger stays",
  seconds: [3, 5],
  aim: () => ({}),
  async begin({ gateway }) {
    await gateway.member.kill();
    await gateway.behave();
    await gateway.member.kill();
    return { says: "the gateway is gone", end: () => gateway.behave() };
  },
};
