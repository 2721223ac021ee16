/** What generated mappings between two versions of an event speak of. */

/** What a mapping returns for an event that the other version cannot say. */
export const UNREPRESENTABLE: unique symbol = Symbol("unrepresentable");

/** The type of {@link UNREPRESENTABLE}. */
export type Unrepresentable = typeof UNREPRESENTABLE;

/**
 * What happens to an event that another version cannot say. `skip-and-count`: it is not published in that version, and
 * counted. `reject-publish`: whoever publishes it is refused. `dead-letter`: it is kept among the dead letters.
 */
export type UnrepresentablePolicy = "skip-and-count" | "reject-publish" | "dead-letter";
