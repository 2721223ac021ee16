/** A TCP link that can be cut, delayed, or left half-open: it stands between a process and what it talks to. */
import { connect, createServer, type Socket } from "node:net";
import { listenOnLoopback } from "../../servers/free-port.ts";

/**
 * What a link does:
 * - `open`: passes everything on
 * - `cut`: resets what is connected, and whatever connects
 * - `frozen`: both ends stay connected and hear nothing of each other; who connects is accepted, and hears nothing
 * - `deaf`: what the near end says arrives, and no answer comes back
 * - `slow`: passes everything on, `delayMs` later
 */
export type LinkState =
  | { readonly kind: "open" | "cut" | "frozen" | "deaf" }
  | { readonly kind: "slow"; readonly delayMs: number };

export interface TcpProxy {
  /** On the loopback interface. */
  readonly port: number;
  readonly state: LinkState;
  set(state: LinkState): void;
  close(): Promise<void>;
}

/**
 * Opens a link.
 *
 * @param target the port to pass on to, asked for each connection; undefined resets the connection
 */
export async function openProxy(target: () => number | undefined): Promise<TcpProxy> {
  let state: LinkState = { kind: "open" };
  const pairs = new Set<Pair>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (near) => {
    const pair = new Pair(near, target, () => state);
    pairs.add(pair);
    near.once("close", () => pairs.delete(pair));
    pair.follow();
  });
  const port = await listenOnLoopback(server);
  return {
    port,
    get state() {
      return state;
    },
    set(next) {
      state = next;
      for (const pair of pairs) pair.follow();
    },
    close: () =>
      new Promise((resolve) => {
        for (const pair of pairs) pair.reset();
        server.close(() => resolve());
      }),
  };
}

/** The two halves of one connection. */
class Pair {
  readonly #near: Socket;
  #far: Socket | undefined;
  readonly #target: () => number | undefined;
  readonly #state: () => LinkState;
  /** Whether one end has gone, which the other has not heard yet. */
  #isBroken = false;

  constructor(near: Socket, target: () => number | undefined, state: () => LinkState) {
    this.#near = near;
    this.#target = target;
    this.#state = state;
    this.#watch(near);
  }

  /** Does what the link's state asks for. */
  follow(): void {
    const { kind } = this.#state();
    if (kind === "cut") return this.reset();
    if (kind === "frozen") {
      this.#near.pause();
      this.#far?.pause();
      return;
    }
    if (this.#isBroken) return this.reset();
    if (this.#far === undefined) this.#reach();
    this.#near.resume();
    if (kind === "deaf") this.#far?.pause();
    else this.#far?.resume();
  }

  reset(): void {
    this.#near.resetAndDestroy();
    this.#far?.resetAndDestroy();
  }

  #reach(): void {
    const port = this.#target();
    if (port === undefined) return this.reset();
    const far = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    this.#far = far;
    this.#watch(far);
    this.#carry(this.#near, far);
    this.#carry(far, this.#near);
  }

  #carry(from: Socket, to: Socket): void {
    let freeAt = 0;
    const later = (work: () => void): void => {
      const state = this.#state();
      const now = performance.now();
      freeAt = Math.max(freeAt, state.kind === "slow" ? now + state.delayMs : now);
      if (freeAt <= now) work();
      else setTimeout(work, freeAt - now);
    };
    from.on("data", (chunk) => {
      later(() => {
        if (to.destroyed || to.write(chunk)) return;
        from.pause();
        to.once("drain", () => this.follow());
      });
    });
    from.on("end", () => later(() => to.end()));
  }

  #watch(end: Socket): void {
    end.on("error", () => undefined);
    end.once("close", () => {
      this.#isBroken = true;
      // A link that is frozen carries no news of this either.
      const { kind } = this.#state();
      if (kind !== "frozen" && !(kind === "deaf" && end === this.#far)) this.#other(end)?.destroy();
    });
  }

  #other(end: Socket): Socket | undefined {
    return end === this.#near ? this.#far : this.#near;
  }
}
