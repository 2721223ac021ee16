/** Whether references lead to what the meta-schema has seen as the same thing in its own place, so that none need be followed. */
import { nodeFrom } from "./node.ts";
import { lastToken, parent, type Pointer, tokens } from "./pointer.ts";
import { references } from "./references.ts";
import { type Kind, placedKinds } from "./walk.ts";

type Kinds = ReadonlyMap<Pointer, Kind>;

/**
 * Whether every `$ref` of a document of AsyncAPI 3 leads to a thing of the kind that is wanted where it stands. It says
 * no, too, where what is wanted is not known here.
 */
export function keepsPlainRefs(document: unknown): boolean {
  const kinds = placedKinds(document);
  return references(document).every(({ at, value }) => {
    const found = nodeFrom(document, { at, value });
    if (found === undefined) return false;
    const wanted = kindAt(at, kinds);
    // Of what extensions hold AsyncAPI says nothing.
    return wanted === undefined ? isInExtension(at) : wanted === kindAt(found.at, kinds);
  });
}

/** What stands at a place, in the words of `components` where the walk over a document has none. */
function kindAt(at: Pointer, kinds: Kinds): string | undefined {
  const kind = kinds.get(at);
  return kind === undefined || kind === "other" ? collectionAt(at, kinds) : kind;
}

/** The collection of `components` that what stands at a place could stand in. */
function collectionAt(at: Pointer, kinds: Kinds): string | undefined {
  const around = lastToken(parent(at));
  const [root, collection, , ...deeper] = tokens(at);
  if (root === "components" && collection !== undefined && deeper.length === 0) return collection;
  if (around === "tags") return "tags";
  if (around === "security") return "securitySchemes";
  if (around === "variables") return "serverVariables";
  // The servers of a channel.
  if (around === "servers") return "server";
  switch (lastToken(at)) {
    case "externalDocs":
      return "externalDocs";
    case "correlationId":
      return "correlationIds";
    case "reply":
      return "replies";
    case "address":
      return "replyAddresses";
    case "bindings":
      return bindingsOf(kinds.get(parent(at)));
    default:
      return undefined;
  }
}

function bindingsOf(holder: Kind | undefined): string | undefined {
  switch (holder) {
    case "server":
    case "channel":
    case "operation":
    case "message":
      return `${holder}Bindings`;
    case "operation trait":
      return "operationBindings";
    case "message trait":
      return "messageBindings";
    default:
      return undefined;
  }
}

function isInExtension(at: Pointer): boolean {
  return tokens(at).some((token) => token.startsWith("x-"));
}
