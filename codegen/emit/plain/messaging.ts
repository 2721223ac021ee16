/** `messaging.ts`: what the descriptors of messages, channels and operations are, and the little that is done with them. */
import { runtimeType, headerOf, type EmitContext } from "../emitter.ts";
import { trusted, ts, typeImport, type Import } from "../print/code.ts";
import type { SourceFile } from "../print/source-file.ts";

const PATH = "messaging.ts";

/** A type of the module. */
export function messagingType(name: string): Import {
  return typeImport(name, PATH);
}

/** The module. It knows no broker: whoever connects one calls it with what he has. */
export function emitMessaging(context: EmitContext): SourceFile {
  return {
    path: PATH,
    header: headerOf(context, ", for the operations"),
    imports: [runtimeType("Validator")],
    body: ts`${trusted(TEXT)}`,
  };
}

const TEXT = `declare const types: unique symbol;

/** A message: what its body and its headers must be. */
export interface Message<Name extends string = string, Body = unknown, Headers = unknown> {
  /** What the contract calls it. */
  readonly name: Name;
  readonly version: number;
  readonly contentType?: string;
  /** Absent when the contract says nothing of the body. */
  readonly validate?: Validator<Body>;
  /** Absent when the contract says nothing of headers. */
  readonly validateHeaders?: Validator<Headers>;
  /** JSON pointers (\`*\` for every element) of the values that logs must not show. */
  readonly sensitive: readonly string[];
  /** For the compiler only. */
  readonly [types]?: { readonly body: Body; readonly headers: Headers };
}

/** A channel: where it is, and what it carries. */
export interface Channel<Parameters = unknown> {
  /** What the contract calls it. */
  readonly name: string;
  /** With parameters in braces; null when it is only known at run time. */
  readonly address: string | null;
  /** What stands between two tokens of the address. */
  readonly separator: "." | "/";
  /** Absent when the address has no parameters. */
  readonly validateParameters?: Validator<Parameters>;
  /** What stands for a parameter that is not given. */
  readonly defaults: Readonly<Record<string, string>>;
  readonly messages: readonly Message[];
}

/** An operation: who performs it sends or receives one of its messages. */
export interface Operation {
  /** What the contract calls it. */
  readonly name: string;
  readonly action: "send" | "receive";
  readonly channel: Channel;
  readonly messages: readonly Message[];
  /** What is answered; the channel is null when it is only known at run time. */
  readonly reply?: { readonly channel: Channel | null; readonly messages: readonly Message[] };
}

/** One message of an operation, as it travels. \`message\` tells several apart. */
export type Delivery<O extends Operation> = [O["messages"][number]] extends [never]
  ? DeliveryOf<Message, ParametersOf<O>>
  : DeliveryOf<O["messages"][number], ParametersOf<O>>;

/** What is answered; nothing when the operation has no reply. */
export type Answer<O extends Operation> = O extends { readonly reply: { readonly messages: readonly (infer M)[] } }
  ? DeliveryOf<M, unknown>
  : void;

/** What a service does with what it receives. */
export type Receiver<O extends Operation> = (delivery: Delivery<O>) => Answer<O> | Promise<Answer<O>>;

/** What sends, and comes back with the answer. */
export type Sender<O extends Operation> = (delivery: Delivery<O>) => Promise<Answer<O>>;

type ParametersOf<O extends Operation> = O["channel"] extends Channel<infer Parameters> ? Parameters : unknown;

type DeliveryOf<M, Parameters> =
  M extends Message<infer Name, infer Body, infer Headers>
    ? { readonly message: Name; readonly body: Body; readonly headers: Headers; readonly parameters: Parameters }
    : never;

/**
 * The address of a channel with its parameters filled in.
 *
 * Throws a TypeError when the channel has no address, when the contract refuses a parameter, and when one is not
 * exactly one token: it cannot hold a separator, a wildcard, a space or nothing.
 */
export function addressOf<Parameters>(channel: Channel<Parameters>, parameters: Parameters): string {
  const { name, address, separator, validateParameters, defaults } = channel;
  if (address === null) throw new TypeError(\`the address of \${name} is only known at run time\`);
  if (validateParameters !== undefined && !validateParameters(parameters)) {
    const [violation] = validateParameters.errors ?? [];
    const why = \`\${violation?.instancePath ?? ""} \${violation?.message ?? "is invalid"}\`.trim();
    throw new TypeError(\`the parameters of \${name} are refused: \${why}\`);
  }
  const given = new Map<string, unknown>(Object.entries({ ...defaults, ...parameters }));
  return address.replace(/\\{([^{}]*)\\}/g, (_, parameter: string) => {
    const token = String(given.get(parameter) ?? "");
    if (token === "" || token.includes(separator) || /[\\s\\p{Cc}*>+#]/u.test(token)) {
      throw new TypeError(\`\${JSON.stringify(token)} cannot be the \${parameter} of \${name}: it is not one token\`);
    }
    return token;
  });
}

/** Which of several messages a body is: the first that accepts it; undefined when none does. */
export function messageOf<M extends Message>(messages: readonly M[], body: unknown): M | undefined {
  return messages.find(({ validate }) => validate === undefined || validate(body));
}`;
