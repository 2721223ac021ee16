/** How much work one comparison may do, counted in steps and never in time, so that a verdict is the same on every machine. */

/** Thrown when a comparison has used its steps; the verdict is then undecided. */
export class OutOfBudget extends Error {
  override readonly name = "OutOfBudget";

  constructor() {
    super("the schemas need more steps than one comparison may take");
  }
}

/** A count of steps that runs down. */
export class Budget {
  #left: number;

  constructor(steps: number) {
    this.#left = steps;
  }

  /** Takes `steps`, or throws {@link OutOfBudget} when none are left. */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left < 0) throw new OutOfBudget();
  }
}
