import { isObject } from "../json.ts";
import { dialectOf, looksModern, refHasSiblings, type Dialect } from "./dialect.ts";
import { subschemas } from "./subschemas.ts";

/** A schema with an identity of its own (`$id`), against which the references inside it are resolved. */
export interface Resource {
  readonly document: SchemaDocument;
  /** Absolute; made up for a root without `$id`. */
  readonly uri: string;
  readonly root: unknown;
  readonly anchors: Map<string, unknown>;
}

/** A schema and the resource that it stands in. */
export interface Place {
  readonly schema: unknown;
  readonly resource: Resource;
}

interface Index {
  readonly resources: Map<string, Resource>;
  /** The resource that each schema object stands in. */
  readonly owners: Map<object, Resource>;
  /** The dynamic anchors by name; `$recursiveAnchor` has the empty name. */
  readonly dynamic: Map<string, unknown[]>;
}

const UNNAMED = "schema://document/";

/**
 * One schema document and what its references lead to. Nothing is fetched: a reference to another document leads nowhere.
 * Source: JSON Schema Core 2020-12, sections 8.2 and 9; draft-07 Core, section 8.
 */
export class SchemaDocument {
  /** Undefined when `$schema` names a dialect that we do not know. */
  readonly dialect: Dialect | undefined;
  readonly root: Place;
  #index: Index | undefined;

  constructor(schema: unknown) {
    const dialect = dialectOf(schema);
    this.dialect = dialect === "unsaid" && someSchema(schema, looksModern) ? 2020 : dialect;
    this.root = {
      schema,
      resource: this.#resource(schema, resolveUri(idOf(schema, this.dialect), UNNAMED) ?? UNNAMED),
    };
  }

  /** A reference that means the same wherever it stands; undefined for a relative one that no `$id` makes absolute. */
  absolute(reference: string, from: Resource): string | undefined {
    const uri = resolveUri(reference, from.uri);
    return uri?.startsWith(UNNAMED) ? undefined : uri;
  }

  /** What a reference leads to: a pointer, an anchor or another resource of this document. */
  resolve(reference: string, from: Resource): Place | undefined {
    const { resources, owners } = this.#indexed();
    const [address, fragment] = split(reference);
    const uri = address === "" ? from.uri : split(resolveUri(address, from.uri) ?? "")[0];
    const resource = resources.get(uri);
    if (resource === undefined) return undefined;
    if (fragment === "") return { schema: resource.root, resource };
    const decoded = decode(fragment);
    if (decoded === undefined) return undefined;
    if (decoded.startsWith("/")) return follow(decoded, resource, owners);
    const schema = resource.anchors.get(decoded);
    return schema === undefined ? undefined : { schema, resource };
  }

  /**
   * What `$dynamicRef` or `$recursiveRef` leads to when only one answer is possible: a target that is no dynamic anchor,
   * or the only dynamic anchor of its name.
   */
  resolveDynamic(reference: string, from: Resource): Place | undefined {
    const { dynamic } = this.#indexed();
    const place = this.resolve(reference, from);
    if (place === undefined || !isObject(place.schema)) return place;
    const name = place.schema["$recursiveAnchor"] === true ? "" : place.schema["$dynamicAnchor"];
    if (typeof name !== "string" || (name !== "" && !reference.endsWith(`#${name}`))) return place;
    return dynamic.get(name)?.length === 1 ? place : undefined;
  }

  #resource(root: unknown, uri: string): Resource {
    return { document: this, uri: split(uri)[0] ?? uri, root, anchors: new Map<string, unknown>() };
  }

  /** The resource that a schema stands in, seen from its surroundings: its own when it has an `$id`. */
  enter(schema: unknown, surroundings: Resource): Resource {
    if (!isObject(schema) || idOf(schema, this.dialect) === undefined) return surroundings;
    return this.#indexed().owners.get(schema) ?? surroundings;
  }

  #indexed(): Index {
    if (this.#index !== undefined) return this.#index;
    const index: Index = {
      resources: new Map([[this.root.resource.uri, this.root.resource]]),
      owners: new Map(),
      dynamic: new Map(),
    };
    this.#index = index;
    const open: Place[] = [this.root];
    for (const place of open) {
      const { schema } = place;
      if (!isObject(schema) || index.owners.has(schema)) continue;
      let { resource } = place;
      const id = idOf(schema, this.dialect);
      if (id?.startsWith("#")) resource.anchors.set(id.slice(1), schema);
      else if (id !== undefined && schema !== this.root.schema) {
        resource = this.#resource(schema, resolveUri(id, resource.uri) ?? id);
        index.resources.set(resource.uri, resource);
      }
      index.owners.set(schema, resource);
      for (const keyword of ["$anchor", "$dynamicAnchor"]) {
        const anchor = schema[keyword];
        if (typeof anchor === "string") resource.anchors.set(anchor, schema);
      }
      const name = schema["$recursiveAnchor"] === true ? "" : schema["$dynamicAnchor"];
      if (typeof name === "string") index.dynamic.set(name, [...(index.dynamic.get(name) ?? []), schema]);
      for (const inner of subschemas(schema)) open.push({ schema: inner, resource });
    }
    return index;
  }
}

/** Whether a test holds for a schema or one inside it. */
function someSchema(schema: unknown, test: (schema: Readonly<Record<string, unknown>>) => boolean): boolean {
  const open = new Set([schema]);
  for (const item of open) {
    if (!isObject(item)) continue;
    if (test(item)) return true;
    for (const inner of subschemas(item)) open.add(inner);
  }
  return false;
}

/** Before 2019-09 everything beside `$ref` is ignored, the identity too; draft-04 calls it `id`. */
function idOf(schema: unknown, dialect: Dialect | undefined): string | undefined {
  if (!isObject(schema)) return undefined;
  if (typeof schema["$ref"] === "string" && dialect !== undefined && !refHasSiblings(dialect)) return undefined;
  const id = dialect === 4 ? schema["id"] : schema["$id"];
  return typeof id === "string" ? id : undefined;
}

function follow(pointer: string, resource: Resource, owners: ReadonlyMap<object, Resource>): Place | undefined {
  let schema = resource.root;
  let owner = resource;
  for (const token of pointer.slice(1).split("/")) {
    const key = token.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(schema) && /^(0|[1-9]\d*)$/.test(key)) schema = schema[Number(key)];
    else if (isObject(schema) && Object.hasOwn(schema, key)) schema = schema[key];
    else return undefined;
    if (typeof schema === "object" && schema !== null) owner = owners.get(schema) ?? owner;
  }
  return { schema, resource: owner };
}

function split(reference: string): [string, string] {
  const at = reference.indexOf("#");
  return at < 0 ? [reference, ""] : [reference.slice(0, at), reference.slice(at + 1)];
}

function resolveUri(reference: string | undefined, base: string): string | undefined {
  if (reference === undefined || reference === "") return base;
  if (!URL.canParse(reference, base)) return undefined;
  const url = new URL(reference, base).href;
  return url.endsWith("#") ? url.slice(0, -1) : url;
}

function decode(fragment: string): string | undefined {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return undefined;
  }
}
