/** Who may run beside whom, so that a message which kills its process is found without harm to its neighbours. */

/** Says that a run is over. Calling it again does nothing. */
export type Leave = () => void;

/**
 * How a message stands: `undefined` when nothing speaks against it, else the number of its starts that never came to
 * an end. A redelivery whose first run nobody knows of is a suspect with 0.
 */
export type Starts = number | undefined;

/**
 * Lets runs of one process in.
 *
 * - What is no suspect runs at once, beside anything but a suspect with a start of its own.
 * - Suspects run one at a time, those with the fewest starts first: the innocent are through before a killer is tried
 *   again.
 * - A suspect that has a start runs alone: nothing begins beside it, and it waits for what runs. So the second and the
 *   third start, which convict it, are nobody else's.
 *
 * A run that takes longer than the limit no longer keeps others out, and nobody waits for it longer than that: one
 * that hangs is no reason to stand still.
 */
export interface Isolation {
  /** Resolves when the run may begin; with undefined when the signal aborts before. */
  enter(starts: Starts, signal: AbortSignal): Promise<Leave | undefined>;
}

interface Waiting {
  readonly starts: number;
  readonly begin: (leave: Leave) => void;
}

const LONGEST_TURN_MS = 30_000;

/** One for all subscriptions of a process: they die together. */
export function createIsolation(limitMs: number = LONGEST_TURN_MS): Isolation {
  const suspects: Waiting[] = [];
  const others: Waiting[] = [];
  /** What runs and keeps nobody out. */
  let running = 0;
  /** The suspect whose turn it is. */
  let turn: { readonly alone: boolean } | undefined;
  /** Runs out when a suspect has waited long enough for what runs. */
  let patience: NodeJS.Timeout | undefined;

  const beginFree = ({ begin }: Waiting): void => {
    running += 1;
    begin(
      once(() => {
        running -= 1;
        admit();
      }),
    );
  };

  const beginTurn = ({ starts, begin }: Waiting): void => {
    const mine = { alone: starts > 0 };
    turn = mine;
    const lapse = setTimeout(() => {
      turn = undefined;
      running += 1;
      admit();
    }, limitMs).unref();
    begin(
      once(() => {
        clearTimeout(lapse);
        if (turn === mine) turn = undefined;
        else running -= 1;
        admit();
      }),
    );
  };

  const nextSuspect = (): Waiting | undefined =>
    suspects.reduce<Waiting | undefined>(
      (least, one) => (least === undefined || one.starts < least.starts ? one : least),
      undefined,
    );

  const admit = (waitedEnough = false): void => {
    const next = turn === undefined ? nextSuspect() : undefined;
    if (next !== undefined && next.starts > 0 && running > 0 && !waitedEnough) {
      patience ??= setTimeout(() => admit(true), limitMs).unref();
      return;
    }
    clearTimeout(patience);
    patience = undefined;
    if (next !== undefined) {
      remove(suspects, next);
      beginTurn(next);
    }
    if (turn?.alone === true) return;
    for (const one of others.splice(0)) beginFree(one);
  };

  return {
    async enter(starts, signal) {
      if (signal.aborted) return undefined;
      const line = starts === undefined ? others : suspects;
      return new Promise((resolve) => {
        const waiting: Waiting = {
          starts: starts ?? 0,
          begin: (leave) => {
            signal.removeEventListener("abort", aborted);
            resolve(leave);
          },
        };
        const aborted = (): void => {
          remove(line, waiting);
          resolve(undefined);
          admit();
        };
        signal.addEventListener("abort", aborted, { once: true });
        line.push(waiting);
        admit();
      });
    },
  };
}

function remove(line: Waiting[], one: Waiting): void {
  const index = line.indexOf(one);
  if (index >= 0) line.splice(index, 1);
}

function once(act: () => void): Leave {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    act();
  };
}
