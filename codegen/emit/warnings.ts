/** Collects what a contract says and generated code cannot say as well. */
import type { Pointer } from "../model/model.ts";

/** Something that the contract says and generated code cannot say as well. */
export interface EmitWarning {
  readonly pointer: Pointer;
  readonly message: string;
}

export class Warnings {
  readonly #all: EmitWarning[] = [];

  /** Everything in the order in which it was said; the same may be said twice. */
  get list(): readonly EmitWarning[] {
    return this.#all;
  }

  /** Each of them once. */
  get distinct(): readonly EmitWarning[] {
    return [...new Map(this.#all.map((one) => [`${one.pointer}\n${one.message}`, one])).values()];
  }

  readonly warn = (pointer: Pointer, message: string): void => {
    this.#all.push({ pointer, message });
  };
}
