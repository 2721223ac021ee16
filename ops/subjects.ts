/** Subjects and filters of NATS: tokens between dots, `*` for one, `>` for one or more at the end. */
import type { DurableInfo } from "@tandem/runtime/admin";

/** What a durable reads; without filters it reads all of its stream. */
export function filtersOf({ settings: { filterSubjects } }: Pick<DurableInfo, "settings">): readonly string[] {
  return filterSubjects.length === 0 ? [">"] : filterSubjects;
}

/** Whether a message could fit both. */
export function overlap(a: string, b: string): boolean {
  const [left, right] = [a.split("."), b.split(".")];
  for (let place = 0; ; place++) {
    const [one, other] = [left[place], right[place]];
    if (one === undefined || other === undefined) return one === other;
    if (one === ">" || other === ">") return true;
    if (one !== other && one !== "*" && other !== "*") return false;
  }
}
