/** The closed table of codes that a contract can be refused with. `docs/errors.md` lists the same, and a test keeps them equal. */
export const CODEGEN_ERRORS = {
  // The text itself.
  YAML_SYNTAX:
    "The file is neither well-formed YAML nor JSON, or says something that JSON cannot: a tag, a control character.",
  YAML_DUPLICATE_KEY: "A mapping has the same key twice, so one of the two values would be lost.",
  YAML_ALIAS: "An alias has no anchor, contains itself, or the aliases multiply beyond reason.",

  // What AsyncAPI says.
  NOT_ASYNCAPI: "The file is not an AsyncAPI document: its root has no `asyncapi` version, or one that is not a text.",
  ASYNCAPI_VERSION_UNSUPPORTED: "The document is written in a version of AsyncAPI that is not supported.",
  DOCUMENT_INVALID: "The document does not satisfy the AsyncAPI specification.",
  REF_UNRESOLVED: "A `$ref` names a place that does not exist, or leads back to itself.",
  REF_KIND: "A `$ref` leads to another kind of object than stands there.",
  REF_EXTERNAL_UNSUPPORTED: "A `$ref` leads to the network, which is not supported.",

  // Schemas.
  SCHEMA_KEYWORD_UNKNOWN: "A schema has a keyword that JSON Schema draft-07 does not know, so it would check nothing.",
  SCHEMA_KEYWORD_INVALID: "A keyword of a schema has a value that it cannot have.",
  SCHEMA_REGEX_INVALID: "A pattern is not a regular expression.",
  SCHEMA_FORMAT_UNKNOWN: "A schema names a format that no validator here knows, so it would check nothing.",
  SCHEMA_REF_SIBLING: "A keyword stands beside `$ref`, where draft-07 ignores it.",
  SCHEMA_REQUIRED_UNDECLARED:
    "A schema requires a property that it does not declare, but declares one of almost the same name.",
  SCHEMA_KEYWORD_IDLE:
    "A keyword of a schema checks nothing, since it is about values of another type than the schema allows.",
  SCHEMA_VALUE_IMPOSSIBLE: "A value under `enum` or `const` is of another type than its schema allows.",
  SCHEMA_RECURSION_UNSUPPORTED: "A schema contains itself in a way that is not supported.",
  SCHEMA_SIZE_UNSUPPORTED:
    "Schemas without names, or values, are referred to so often that too many copies of them would be written.",
  SCHEMA_ENDLESS:
    "A schema is a part of itself, with no property and no element in between, so that checking it never ends.",
  SCHEMA_LANGUAGE_UNSUPPORTED: "A payload is written in a schema language that is not supported.",
  DEFAULT_INVALID: "A `default` does not satisfy the schema that it stands in.",
  EXAMPLE_INVALID: "An example does not satisfy the schema that it stands beside.",

  TYPE_WIDER: "TypeScript cannot say what a schema says, so that only the validator checks it.",

  // Our extensions.
  TANDEM_VERSION_UNSUPPORTED: "`x-tandem` names a vocabulary that is not supported by this version of the tool.",
  EXTENSION_INVALID: "One of our extensions has a shape that it cannot have.",
  EXTENSION_UNKNOWN: "An `x-` name is almost one of ours, and would be ignored in silence.",
  EXTENSION_UNREAD: "One of our extensions stands in a document without `x-tandem`, where none of them is read.",
  DEFAULT_TAKEN: "A document without our extensions leaves something open, and this was taken for it.",
  EXTENSION_MISPLACED: "One of our extensions stands where it is not read.",
  DURATION_INVALID: "A duration is not written as ISO 8601 days and time.",

  // Channels and streams.
  STREAM_MISSING: "An event or dead-letter channel does not say which stream it lives in.",
  STREAM_UNDECLARED: "A channel names a stream that `x-streams` does not declare.",
  STREAM_UNUSED: "A stream is declared, but no channel lives in it, and a stream without subjects cannot be made.",
  STREAM_OVERLAP: "Two streams would store the same subject.",
  STREAM_OWNER: "A stream's owner is no service of the document, or another service publishes into the stream.",
  STREAM_DURATIONS: "A stream's duplicate window is longer than its messages live.",
  ADDRESS_INVALID: "A channel's address cannot be a subject or a path.",
  ADDRESS_DUPLICATE: "Two channels have the same address.",
  ADDRESS_VERSION: "An event's address does not end with the version, or the version is not read from the body.",
  ADDRESS_PARAMETER: "The parameters of an address and those of its channel are not the same.",
  ADDRESS_PARAMETER_UNSUPPORTED: "An event's address has a parameter other than `{version}`, which is not supported.",
  CHANNEL_SERVERS: "A channel is served over HTTP and over NATS at once.",

  // Channels of other documents.
  OTHER_CHANNEL: "A channel of another document is none that events can be read from.",
  OTHER_PUBLISHED: "An operation sends an event that another document owns.",
  OTHER_CLAIM: "Two documents own the same stream, subject or service.",
  OTHER_UNREAD: "The contract refers to an event of another document, and no operation reads it.",
  OTHER_UNSHARED:
    "The stream of another document's event takes back no dead letters of other contracts, so nothing can be read from it in the order of its keys.",
  OTHER_RETIRED: "An operation reads only versions that the owner of the event publishes no more.",

  // Events and their versions.
  EVENT_POLICY_MISSING: "A channel looks like an event, but has no `x-event`.",
  EVENT_EMPTY: "An event has no message.",
  EVENT_KEY: "The key of an event is not a required string in every version.",
  EVENT_WRITES: "`writes` names a version that does not exist or is not published.",
  EVENT_SENDERS: "An event is sent by more than one service.",
  EVENT_UNSENT: "No service sends an event.",
  VERSION_MISSING: "A message of an event does not say which version it is.",
  VERSION_DUPLICATE: "Two messages of one event claim the same version.",
  VERSION_GAP: "The versions of an event are not consecutive.",
  VERSION_LITERAL: "The body of a version does not carry exactly its own version.",
  VERSION_UNPUBLISHED: "No version of an event is published.",
  EVOLVES_FROM: "`x-evolves` does not start at the version before.",
  EVOLVES_MISSING: "A version does not say how the version before becomes it, and both are in use.",
  EVOLVES_STEPS: "A step uses a list of steps that does not exist, or that uses itself.",
  EVOLVES_PATH: "A step names a path that its version does not have, or no longer has after the steps before.",
  EVOLVES_COLLISION: "A step writes where there is a value already.",
  EVOLVES_TYPE: "A step cannot work on the kind of value that is there.",
  EVOLVES_VALUE: "A value that a step puts somewhere is refused by the schema there.",
  EVOLVES_VALUES: "A value of one version has no counterpart in the other.",
  EVOLVES_REQUIRED: "A version requires a value that the other may lack.",
  EVOLVES_UNCOVERED: "No step says what becomes of a property, or where one comes from.",
  EVOLVES_INCOMPATIBLE: "A value is carried as it is, and the schema of the other version refuses some such values.",
  EVOLVES_UNREPRESENTABLE:
    "The older version has events that the newer one cannot say, and nothing says what happens to them.",
  EVOLVES_LOSSY: "A declared loss names a path that its version does not have.",
  EVOLVES_CUSTOM:
    "A hand-written function of a mapping has a name that it cannot have, or reads what it cannot be given.",
  EVOLVES_KEY: "A mapping would change the key of an event.",
  VERSION_SUNSET: "The day on which a version was to go has passed, and it is still published.",
  MESSAGE_KEY: "A message goes by two names, or two messages go by one.",
  MESSAGE_SHARED: "One message belongs to two events.",

  // Operations.
  OPERATION_SERVICE: "An operation does not say which service performs it.",
  OPERATION_MESSAGES: "An operation lists no messages, or lists one twice.",
  OPERATION_VERSIONS: "An operation lists other versions than it can send or receive.",
  OPERATION_DUPLICATE: "Two operations say the same of one service and one channel.",
  OPERATION_UNSUPPORTED: "A kind of operation that is not supported.",
  RETRY_DELAYS: "A retry policy's longest delay is shorter than its first.",
  PRIORITY_TIMEOUT: "A priority policy has a timeout that it has no use for, or one that is too short or too long.",
  DEAD_LETTER_MISSING: "An operation that handles an event does not say where its dead letters go.",
  DEAD_LETTER_CHANNEL: "What `x-dead-letter` names cannot hold dead letters.",

  // The HTTP door.
  ROUTE_METHOD: "An HTTP operation does not say its method, or has one that is not supported.",
  ROUTE_MESSAGES: "The messages of an HTTP operation do not make a request and its answers.",
  ROUTE_STATUS: "An answer of an HTTP operation has no status, or shares it with another.",
  ROUTE_DUPLICATE: "Two HTTP operations answer the same method and path.",
  ROUTE_UNSUPPORTED: "An HTTP operation uses something that is not supported.",

  // Names.
  NAME_INVALID: "A name of the contract cannot be a name in code, on disk, or on the broker.",
  NAME_RESERVED: "A name of the contract means something else in the generated code.",
  NAME_COLLISION: "Two things of the contract would have the same name.",

  // What is written.
  OUTPUT_FOREIGN: "A file that was not generated stands where a generated one belongs.",
  OUTPUT_STALE: "The generated code is not what the contract generates.",

  // What is written by hand.
  HANDLER_UNASKED: "A handler is written for an event that its service does not receive.",
  EVOLUTION_UNASKED: "A part of a mapping is written by hand, and no mapping that a service runs asks for it.",
} as const satisfies Record<string, string>;

export type DiagnosticCode = keyof typeof CODEGEN_ERRORS;
