import type { GreeterHandlers } from "./generated/services/greeter.ts";

/** What greeter does with the one event that the contract says it receives. */
export const greeterHandlers: GreeterHandlers = {
  /** Remembers who was greeted, and how. */
  async greetingSent(greeting, { tx, log }) {
    await tx.query("insert into greeting (name, words) values ($1, $2)", [greeting.name, greeting.words]);
    log.info("remembered");
  },
};
