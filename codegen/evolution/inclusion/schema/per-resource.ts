import type { Resource } from "./document.ts";

/**
 * What is known of schema objects, by the resource that they stand in: one JavaScript object may stand in two documents,
 * and its references then lead to two places.
 */
export class PerResource<T> {
  readonly #known = new Map<Resource, Map<object, T>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(schema: object, resource: Resource): T | undefined {
    return this.#known.get(resource)?.get(schema);
  }

  set(schema: object, resource: Resource, value: T): void {
    let known = this.#known.get(resource);
    if (known === undefined) this.#known.set(resource, (known = new Map<object, T>()));
    if (!known.has(schema)) this.#size++;
    known.set(schema, value);
  }
}
