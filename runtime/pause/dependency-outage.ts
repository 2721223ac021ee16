/** What a service does while one of its dependencies is down. */
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { Breaker, BreakerGuard, TryAnswer } from "../breaker.ts";
import type { Clock } from "../clock.ts";
import type { Queryable } from "../postgres/database.ts";
import { closeLease, failLease, openLease, takeLease, type Lease } from "../postgres/leases.ts";
import { FREE, Parking, type Turn } from "./parking.ts";
import type { Pausing } from "./pausing.ts";

/** What an outage needs of its service. */
export interface OutageOptions {
  /** The process, as an operator finds it in the lease's row. */
  readonly instance: string;
  /** Rejects with `DATABASE_DOWN`. */
  readonly database: Queryable;
  readonly pausing: Pausing;
  readonly clock: Clock;
  readonly log: Logger;
  readonly stopping: AbortSignal;
  /** Reads what the other processes found out, and passes it on. Never rejects. */
  readonly listen: () => Promise<void>;
}

/** A try is over after the dependency's timeout and this long, or its process counts as dead. */
const LEASE_MARGIN_MS = 1_000;
/** Between two tries that led nowhere: a message that did not call the dependency, a lease about to expire. */
const BREATH_MS = 50;
/** Deliveries in hand that allow a pause. */
const FEWEST_IN_HAND = 2;

/**
 * One dependency of a service, guarded for all its processes: while its breaker is open, deliveries that need it
 * are parked and the durables they came from are paused; when its time comes one of them is sent, and whichever
 * process has the lease calls.
 */
export class DependencyOutage implements BreakerGuard {
  readonly #breaker: Breaker;
  readonly #options: OutageOptions;
  readonly #parking = new Parking();
  /** Events whose handlers met the open breaker. */
  readonly #members = new Set<string>();
  readonly #coverMs: number;
  #following = false;
  #wake: AbortController | undefined;
  /** The lease of the try under way. */
  #holder: string | undefined;
  /** Whether the lease's row says that the dependency is down. */
  #shared = false;
  /** What is written to the row, one after another. */
  #writing: Promise<void> = Promise.resolve();
  #unwritten = 0;
  #written = 0;

  constructor(breaker: Breaker, options: OutageOptions) {
    this.#breaker = breaker;
    this.#options = options;
    this.#coverMs = breaker.timeoutMs + LEASE_MARGIN_MS;
    breaker.guardWith(this);
    if (breaker.state !== "closed") this.opened();
  }

  /** Waits until it makes sense to run again; at once when the outage is over. */
  async wait(event: string): Promise<Turn> {
    if (!this.#isOpen()) return FREE;
    this.#members.add(event);
    const turn = this.#parking.park(this.#options.stopping);
    this.#pause();
    this.#changed();
    return turn;
  }

  opened(): void {
    const { name, until, lastFailure: reason = "it failed" } = this.#breaker;
    const holder = this.#takeHolder();
    const { database, clock, log } = this.#options;
    const words = holder === undefined ? "a dependency is left alone" : "a dependency is still down";
    log[holder === undefined ? "warn" : "info"](
      { dependency: name, reason, until: new Date(until).toISOString() },
      words,
    );
    this.#write(async () => {
      if (holder !== undefined) return failLease(database, { name, holder, until, reason });
      const agreed = await openLease(database, { name, now: clock.now(), until, reason });
      this.#shared = true;
      if (agreed !== until && this.#isOpen()) await this.#postpone(agreed);
    });
    this.#pause();
    this.#changed();
  }

  closed(): void {
    const { name } = this.#breaker;
    const holder = this.#takeHolder();
    const { database, clock, log } = this.#options;
    log.info({ dependency: name, triedHere: holder !== undefined }, "a dependency answers again");
    this.#shared = false;
    this.#parking.openAll();
    this.#write(async () => {
      // The others hear of it when the durables are resumed: by then the row must say it.
      if (holder !== undefined) await closeLease(database, { name, holder, now: clock.now() });
    });
    this.#writing = this.#writing.then(() => {
      if (this.#isOpen()) return;
      for (const event of this.#members) this.#options.pausing.want(name, event, undefined);
      this.#members.clear();
    });
    this.#changed();
  }

  async mayTry(): Promise<TryAnswer> {
    await this.#writing;
    const { name, lastFailure: reason = "it failed" } = this.#breaker;
    const { instance, database, clock, listen } = this.#options;
    const now = clock.now();
    if (!this.#shared) {
      // The database was away when the breaker opened.
      await openLease(database, { name, now, until: now, reason });
      this.#shared = true;
    }
    const holder = `${instance} ${randomUUID()}`;
    if (await takeLease(database, { name, holder, now, forMs: this.#coverMs })) {
      this.#holder = holder;
      return "try";
    }
    await listen();
    if (!this.#isOpen()) return "closed";
    return { until: Math.max(this.#breaker.until, clock.now() + BREATH_MS) };
  }

  /** A number that changes when this process writes to the row: what was read before that is of the past. */
  get written(): number {
    return this.#written;
  }

  /** Takes over what another process wrote, as it was read when `written` was so. */
  async hear({ open, openUntil, holder, expiresInMs, reason }: Lease, written: number): Promise<void> {
    // While its own try is under way, or its own word on its way to the row, it knows better.
    if (this.#holder !== undefined || this.#unwritten > 0 || this.#written !== written) return;
    const now = this.#options.clock.now();
    if (!open) {
      if (!this.#shared) return;
      this.#shared = false;
      return this.#breaker.hearClosed();
    }
    const until =
      openUntil <= now && holder !== undefined
        ? now + Math.min(Math.ceil(expiresInMs), this.#breaker.windowMs)
        : openUntil;
    // Nobody tries, and the time has come: an outage of the past, or one whose next try is anybody's.
    if (until <= now || until === this.#breaker.until) return;
    this.#shared = true;
    await this.#postpone(until, reason);
  }

  async #postpone(until: number, reason = "it failed"): Promise<void> {
    await this.#breaker.hearOpen(until, reason);
    this.#pause();
    this.#changed();
  }

  #isOpen(): boolean {
    return this.#breaker.state !== "closed";
  }

  #takeHolder(): string | undefined {
    const holder = this.#holder;
    this.#holder = undefined;
    return holder;
  }

  #write(write: () => Promise<void>): void {
    this.#unwritten += 1;
    this.#writing = this.#writing
      .then(write)
      .catch((error: unknown) => {
        const { log } = this.#options;
        log.warn({ err: error, dependency: this.#breaker.name }, "the other processes could not be told");
      })
      .finally(() => {
        this.#unwritten -= 1;
        this.#written += 1;
      });
  }

  /**
   * The pause covers the try: without that every replica would be given new messages while one tries. And it
   * needs two in hand: a single message that never works would be tried for ever, and keep all others away.
   */
  #pause(): void {
    const { name, until } = this.#breaker;
    if (this.#parking.inHand < FEWEST_IN_HAND) return this.#leave();
    for (const event of this.#members) this.#options.pausing.want(name, event, until + this.#coverMs);
  }

  #leave(): void {
    for (const event of this.#members) this.#options.pausing.leave(this.#breaker.name, event);
  }

  /** Something is not as it was: whoever sleeps looks again. */
  #changed(): void {
    this.#wake?.abort();
    if (this.#following || !this.#isOpen()) return;
    this.#following = true;
    void this.#follow().finally(() => {
      this.#following = false;
      // It may have opened again since the last look, and who was parked then woke nobody.
      if (!this.#options.stopping.aborted) this.#changed();
    });
  }

  async #follow(): Promise<void> {
    const { clock, stopping, listen } = this.#options;
    while (this.#isOpen() && !stopping.aborted) {
      const now = clock.now();
      const waiting = this.#parking.size;
      if (now < this.#breaker.until) await this.#sleep(this.#breaker.until - now);
      else if (waiting > 0) {
        await this.#parking.sendOne();
        // It came back, or left without a call: the next one, but not in a tight loop.
        if (this.#isOpen() && this.#breaker.until <= clock.now()) await this.#sleep(BREATH_MS);
      } else {
        // Nobody here can try: whoever comes next does. Until then others may have found it well.
        this.#leave();
        await this.#sleep(this.#breaker.windowMs);
        await listen();
      }
    }
  }

  async #sleep(delayMs: number): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    await this.#options.clock.sleep(delayMs, AbortSignal.any([wake.signal, this.#options.stopping]));
  }
}
