/** What a stream or consumer is set to besides what our shapes have names for: what somebody set by hand. */
import type * as js from "@nats-io/jetstream";

/** Fields of the API that `StreamSettings` and `StreamInfo` speak of. */
const STREAM_NAMED = new Set([
  "name",
  "description",
  "subjects",
  "retention",
  "storage",
  "num_replicas",
  "discard",
  "max_age",
  "max_bytes",
  "max_msgs",
  "max_msg_size",
  "duplicate_window",
  "allow_atomic",
  "allow_direct",
  "deny_delete",
  "deny_purge",
  "metadata",
]);

/** Fields of the API that `DurableSettings` and `DurableInfo` speak of. */
const CONSUMER_NAMED = new Set([
  "name",
  "durable_name",
  "description",
  "filter_subject",
  "filter_subjects",
  "deliver_policy",
  "ack_wait",
  "max_deliver",
  "max_ack_pending",
  "priority_policy",
  "priority_groups",
  "priority_timeout",
  "num_replicas",
  "metadata",
  "pause_until",
]);

/** What the server answers when nothing was said, where that is not empty. */
const USUAL: Readonly<Record<string, unknown>> = {
  ack_policy: "explicit",
  replay_policy: "instant",
  max_waiting: 512,
  compression: "none",
};

/** Settings by the API's own names and in its own units (durations are nanoseconds). */
export type OtherSettings = Readonly<Record<string, unknown>>;

/** Of a stream; undefined when there are none. */
export function otherStreamSettings(config: js.StreamConfig): OtherSettings | undefined {
  return others(config, STREAM_NAMED);
}

/** Of a consumer; undefined when there are none. */
export function otherConsumerSettings(config: js.ConsumerConfig): OtherSettings | undefined {
  return others(config, CONSUMER_NAMED);
}

function others(config: object, named: ReadonlySet<string>): OtherSettings | undefined {
  const found = Object.entries(config).filter(
    ([field, value]) => !named.has(field) && !isEmpty(value) && value !== USUAL[field],
  );
  return found.length > 0 ? Object.fromEntries(found) : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  if (value === 0 || value === -1) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
