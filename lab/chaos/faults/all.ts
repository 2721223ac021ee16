/** Every fault, in the order in which `--list` shows them. */
import type { Fault } from "../fault.ts";
import { clockJump } from "./clock-jump.ts";
import { failpoint } from "./failpoint.ts";
import { fillNatsDisk } from "./fill-nats-disk.ts";
import { freezeNats } from "./freeze-nats.ts";
import { freezePostgres } from "./freeze-postgres.ts";
import { freezeAcrossAckWait, freezeReplica } from "./freeze-replica.ts";
import { gatewayErrors, gatewayHangs, gatewayLies, gatewaySlow, killGateway } from "./gateway.ts";
import { killNatsAll, killNatsFollower, killNatsLeader, killNatsMajority } from "./kill-nats.ts";
import { killPostgres } from "./kill-postgres.ts";
import { killReplica } from "./kill-replica.ts";
import { killService } from "./kill-service.ts";
import { cutLink, deafLink, freezeLink, slowLink } from "./links.ts";
import { duplicates, poisonMessages } from "./messages.ts";
import { deleteDurable, deleteStream } from "./operator.ts";
import { partNats } from "./part-nats.ts";
import { rollingDeploy } from "./rolling-deploy.ts";
import { sigtermStorm } from "./sigterm-storm.ts";
import { stepDownLeaders } from "./step-down.ts";
import { terminateConnections } from "./terminate-connections.ts";

export const FAULTS: readonly Fault[] = [
  killReplica,
  killService,
  failpoint,
  freezeReplica,
  freezeAcrossAckWait,
  rollingDeploy,
  sigtermStorm,
  clockJump,
  killNatsLeader,
  killNatsFollower,
  killNatsMajority,
  killNatsAll,
  freezeNats,
  partNats,
  stepDownLeaders,
  fillNatsDisk,
  killPostgres,
  freezePostgres,
  terminateConnections,
  cutLink,
  freezeLink,
  deafLink,
  slowLink,
  gatewayErrors,
  gatewayHangs,
  gatewayLies,
  gatewaySlow,
  killGateway,
  poisonMessages,
  duplicates,
  deleteDurable,
  deleteStream,
];
