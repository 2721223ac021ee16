/** Whether a message is where its row says. */
import { peekEventId, type PublishedPlaces } from "@tandem/runtime/admin";
import type { ReconcileDependencies, StreamView } from "./stream-view.ts";

/** Asks the stream's leader: a follower may not have a message yet that is there. */
export async function holds(
  { admin }: Pick<ReconcileDependencies, "admin">,
  { stream }: Pick<StreamView, "stream">,
  { eventId, subjects, sequences }: Pick<PublishedPlaces, "eventId" | "subjects" | "sequences">,
  index: number,
): Promise<boolean> {
  const message = await admin.message(stream, sequences[index] ?? 0);
  return message !== undefined && message.subject === subjects[index] && peekEventId(message.headers) === eventId;
}
