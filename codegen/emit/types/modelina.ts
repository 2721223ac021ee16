/** The one place that loads Modelina, late: it takes longer to load than everything else takes to run. */

export type Modelina = typeof import("@asyncapi/modelina");

/** Loads Modelina. A bundle of the same exports may stand in for the package. */
export function loadModelina(): Promise<Modelina> {
  return import("@asyncapi/modelina");
}
