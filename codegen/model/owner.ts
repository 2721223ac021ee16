/** Whose an event is that the contract only reads. */
import type { OwnedVersionSpec } from "../spec/contract.ts";

/** The contract of another team that owns an event. */
export interface EventOwner {
  /** Its title. */
  readonly contract: string;
  /** Its file, from the folder of the contract. */
  readonly document: string;
  /** What it calls the channel. */
  readonly channel: string;
  /** Whether its stream takes back dead letters of other contracts. */
  readonly shared: boolean;
  /** Every version that it has, newest first, also those that are not read here. */
  readonly versions: readonly OwnedVersionSpec[];
}
