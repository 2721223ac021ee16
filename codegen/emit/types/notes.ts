/** What the type printer must know of a type beyond Modelina's meta model; it travels as the model's original input. */
import type { ConstrainedMetaModel, MetaModel } from "@asyncapi/modelina";
import type { Documented } from "../print/comment.ts";

export interface Notes extends Documented {
  /** A union whose members all hold at once. */
  readonly intersection?: boolean;
  /** How many of a tuple's elements are always there. */
  readonly required?: number;
  /** The element of a tuple that stands for all further ones. */
  readonly rest?: boolean;
}

/** The notes that {@link annotate} left on a model. */
export function notesOf(model: MetaModel | ConstrainedMetaModel): Notes {
  const notes: unknown = model.originalInput;
  return typeof notes === "object" && notes !== null ? notes : {};
}

/** Adds notes to a model. */
export function annotate(model: MetaModel, notes: Notes): void {
  model.originalInput = { ...notesOf(model), ...notes };
}
