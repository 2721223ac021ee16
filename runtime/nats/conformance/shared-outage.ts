/** One outage of all servers that several tests go through together: on a cluster each outage costs elections. */
import type { TestContext } from "vitest";
import { rigFor } from "./rig.ts";
import type { ServerFixture } from "./server-fixture.ts";

/** What a test does before, during and after the outage is parted by two calls, which every test makes once. */
interface Participant {
  readonly rig: ReturnType<typeof rigFor>;
  /** Resolves when every test is ready and all servers are killed. */
  begin(): Promise<void>;
  /** Resolves when every test has seen enough and all servers are started again and have a leader. */
  end(): Promise<void>;
}

/** For tests inside one `describe.concurrent`. */
export class SharedOutage {
  readonly #servers: ServerFixture;
  readonly #begin: Meeting;
  readonly #end: Meeting;
  #participants = 0;

  constructor(servers: ServerFixture) {
    this.#servers = servers;
    const size = () => this.#participants;
    this.#begin = new Meeting(size, () => Promise.all(servers.nodes.map((node) => node.kill())));
    this.#end = new Meeting(size, async () => {
      await Promise.all(servers.nodes.map((node) => node.restart()));
      await servers.ready();
    });
  }

  /** A test's part in the outage. All tests must run at once: `maxConcurrency` of vitest.config.ts. */
  part(run: (participant: Participant) => Promise<void>): (context: TestContext) => Promise<void> {
    return async ({ onTestFinished }) => {
      // Counted here and not when it is declared: with a filter some do not run. The first to be ready has asked a
      // server before, so all have started by then.
      this.#participants += 1;
      const rig = rigFor(this.#servers, onTestFinished);
      const [begin, end] = [this.#begin.join(), this.#end.join()];
      try {
        await run({ rig, begin, end });
      } finally {
        // A test that failed early must not keep the others waiting.
        void begin();
        await end();
      }
    };
  }
}

/** Where all have to come before it goes on. */
class Meeting {
  readonly #size: () => number;
  readonly #act: () => Promise<unknown>;
  readonly #over = Promise.withResolvers<unknown>();
  #here = 0;

  constructor(size: () => number, act: () => Promise<unknown>) {
    this.#size = size;
    this.#act = act;
  }

  /** What one participant calls when it comes; again does not count twice. */
  join(): () => Promise<void> {
    let came = false;
    return async () => {
      if (!came) {
        came = true;
        this.#here += 1;
        if (this.#here === this.#size()) this.#act().then(this.#over.resolve, this.#over.reject);
      }
      await this.#over.promise;
    };
  }
}
