/** Law 6: versions further apart are reached one by one, and what comes out is valid at every stop. */
import { bodiesOf, payloadOf, type LawOptions, type Violation } from "./check-laws.ts";
import type { LawSubject, Side } from "./subject.ts";
import { LAWS, stamped } from "./trial.ts";

interface Stop {
  readonly side: Side;
  readonly go: (payload: unknown) => unknown;
}

/**
 * Tries a chain of mappings of one event, oldest first, from end to end in both directions.
 * @returns What the composed way breaks; the laws of each pair are checked by themselves.
 */
export function checkChain(
  subjects: readonly LawSubject[],
  { runs = 200, seed = 1 }: LawOptions = {},
): readonly Violation[] {
  const [oldest, newest] = [subjects[0], subjects.at(-1)];
  if (oldest === undefined || newest === undefined || subjects.length < 2) return [];
  const up = subjects.map(({ to, up: go }): Stop => ({ side: to, go }));
  const down = subjects.toReversed().map(({ from, down: go }): Stop => ({ side: from, go }));
  const options = { runs, seed };
  const stamps = new Map(
    subjects.flatMap((subject) =>
      [subject.from, subject.to].map((side) => [side.name, stampOf(bodiesOf(side, subject, { runs: 5, seed })[0])]),
    ),
  );
  return [
    ...travel(oldest.from, bodiesOf(oldest.from, oldest, options), up, stamps),
    ...travel(newest.to, bodiesOf(newest.to, newest, options), down, stamps),
  ];
}

/** The first body that arrives somewhere as something that is refused there. */
function travel(
  start: Side,
  bodies: readonly unknown[],
  stops: readonly Stop[],
  stamps: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Violation[] {
  for (const body of bodies) {
    let payload = payloadOf(body);
    const trace = [`  ${start.name}: ${JSON.stringify(payload)}`];
    for (const { side, go } of stops) {
      payload = go(payload);
      if (typeof payload === "symbol") break;
      trace.push(`  ${side.name}: ${JSON.stringify(payload)}`);
      if (side.validate(stamped(payload, stamps.get(side.name) ?? {}))) continue;
      const text = [
        `law 6, ${LAWS[6]}: on the way from ${start.name}, ${side.name} refuses what arrives`,
        ...trace,
      ].join("\n");
      return [{ law: 6, severity: "error", payload: payloadOf(body), text }];
    }
  }
  return [];
}

function stampOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === "object" && body !== null
    ? Object.fromEntries(Object.entries(body).filter(([name]) => name === "version" || name === "meta"))
    : {};
}
