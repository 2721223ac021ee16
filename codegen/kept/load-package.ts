/** Packages that are loaded where others have them, with a look at whether they are what is expected. */

/** A `require` that is at home in some package, so that it finds what that package finds. */
export type Load = (specifier: string) => unknown;

/**
 * Loads a package.
 * @param names Some of what it exports.
 * @throws when it exports something else
 */
export function loadPackage<T extends object>(load: Load, specifier: string, names: readonly (keyof T)[]): T {
  const loaded = load(specifier);
  if (!exportsAll<T>(loaded, names)) throw new Error(`${specifier} does not export ${names.map(String).join(", ")}`);
  return loaded;
}

/** Whether a module exports these names. */
export function exportsAll<T extends object>(module: unknown, names: readonly (keyof T)[]): module is T {
  const hasMembers = (typeof module === "object" && module !== null) || typeof module === "function";
  return hasMembers && names.every((name) => Reflect.has(module, name));
}
