/** Numbers that look random and are the same for the same seed, on every machine. */

export interface Random {
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True as often as the share says, 0 to 1. */
  chance(share: number): boolean;
  /** @throws when there is nothing to choose from */
  pick<T>(choices: readonly T[]): T;
  /** All of them in another order. */
  shuffle<T>(items: readonly T[]): T[];
  /** Numbers of its own: what is drawn from it does not move what is drawn from this one. */
  fork(name: string): Random;
}

/** Draws numbers from a seed (splitmix32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x9e_37_79_b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21_f0_aa_ad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x73_5a_2d_97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    between,
    chance: (share) => next() < share,
    pick(choices) {
      const [choice] = choices.slice(between(0, choices.length - 1));
      if (choice === undefined) throw new Error("There is nothing to choose from.");
      return choice;
    },
    shuffle(items) {
      const rest = [...items];
      return items.flatMap(() => rest.splice(between(0, rest.length - 1), 1));
    },
    fork: (name) => createRandom(Buffer.from(name).reduce((sum, byte) => Math.imul(sum, 31) + byte, seed)),
  };
}
