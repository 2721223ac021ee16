/** What the database's configuration promises: accepted requests, effects and unpublished events are nowhere else. */
import type { DatabaseDurability } from "@tandem/runtime/admin";
import type { SystemPromise } from "./promise.ts";
import { span } from "./words.ts";

export function databasePromises(database: DatabaseDurability | undefined): SystemPromise[] {
  if (database === undefined) {
    return [
      {
        id: "database",
        when: "the machine of PostgreSQL fails",
        state: "unknown",
        then: "No database was named, so nothing can be said of it.",
        set: "DATABASE_URL to the services' database.",
      },
    ];
  }
  return [power(database), disk(database)];
}

function power({ fsync, synchronousCommit, fullPageWrites, walWriterDelayMs }: DatabaseDurability): SystemPromise {
  const base = { id: "database-power", when: "the machine of PostgreSQL loses power" };
  if (fsync !== "on" || fullPageWrites !== "on") {
    const off = [...(fsync === "on" ? [] : ["fsync"]), ...(fullPageWrites === "on" ? [] : ["full_page_writes"])];
    return {
      ...base,
      state: "window",
      then: `The whole database may be beyond repair: accepted requests, effects and unpublished events (${off.join(" and ")} off).`,
      set: `${off.map((name) => `${name} = on`).join(", ")} in postgresql.conf.`,
    };
  }
  if (synchronousCommit === "off") {
    return {
      ...base,
      state: "window",
      then: `What was committed in the last ${span(3 * walWriterDelayMs)} may be gone: requests that were answered as accepted, with their events. What another service made of an event that was already published stays.`,
      set: "synchronous_commit = on.",
    };
  }
  return { ...base, state: "kept", then: "Nothing is lost: a commit is on the disk before anybody hears of it." };
}

function disk({ synchronousStandbys, synchronousCommit }: DatabaseDurability): SystemPromise {
  const base = { id: "database-disk", when: "the disk of PostgreSQL is lost" };
  if (synchronousStandbys !== "" && !["off", "local"].includes(synchronousCommit)) {
    return { ...base, state: "kept", then: `Nothing is lost: commits wait for a standby (${synchronousStandbys}).` };
  }
  return {
    ...base,
    state: "window",
    then: "Everything since the last backup is lost: requests, effects, unpublished events. Events that were published are still on their streams.",
    set: "synchronous_standby_names, with a standby in another place.",
  };
}
