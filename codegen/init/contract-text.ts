/** The contract that a project begins with: one event, who publishes it and who reads it. */
import type { ProjectNames } from "./names.ts";

/** The text of `asyncapi.yaml`. */
export function contractText(names: ProjectNames): string {
  const { service, reader, event, subject, message, key, stream, deadLetters, publishing, handling } = names;
  return `# yaml-language-server: $schema=./node_modules/@tandem/cli/asyncapi.schema.json
# The contract: what is said here is what runs. Change it, run \`npm run generate\`, and let the compiler say what is missing.
asyncapi: 3.0.0
x-tandem: 1 # makes events of the channels below
info:
  title: ${capital(service)}
  version: 0.1.0
  tags: # what the catalogue says of each service
    - { name: ${service}, description: Publishes what happens. }
    - { name: ${reader}, description: Reads it. }
defaultContentType: application/json

servers:
  development:
    host: localhost:4222
    protocol: nats

# Streams keep events. Their subjects follow from the channels that name them.
x-streams:
  ${stream}: { owner: ${service}, maxAge: P30D, duplicateWindow: PT10M }
  ${deadLetters}: { maxAge: P30D, duplicateWindow: PT1H }

channels:
  # One channel is one event, and each of its messages is one version of it.
  ${event}:
    address: ${subject}.{version}
    summary: Say here what has happened when this event is published.
    parameters: { version: { $ref: '#/components/parameters/version' } }
    messages:
      ${message}: { $ref: '#/components/messages/${message}' }
    x-stream: ${stream}
    x-event: { key: /${key} } # events of one key belong together, and can be read in their order

  # What a service cannot handle is kept here, with the reason: npx tandem dead-letters
  deadLetters:
    address: dead.{service}.{event}.{version}
    parameters: { service: {}, event: {}, version: {} }
    x-stream: ${deadLetters}

operations:
  # One operation is one service that publishes or reads an event.
  ${publishing}:
    action: send
    x-service: ${service}
    channel: { $ref: '#/channels/${event}' }
    messages: [{ $ref: '#/channels/${event}/messages/${message}' }]

  ${handling}:
    action: receive
    x-service: ${reader}
    channel: { $ref: '#/channels/${event}' }
    messages: [{ $ref: '#/channels/${event}/messages/${message}' }] # the versions that it reads
    x-retry: { maxAttempts: 5, strategy: { type: exponential, delay: PT1S, maxDelay: PT20S } }
    x-dead-letter: { channel: { $ref: '#/channels/deadLetters' } }

components:
  parameters:
    version: { location: $message.payload#/version }
  messages:
    ${message}:
      payload: { $ref: '#/components/schemas/${message}' }
      x-version: { number: 1, state: current } # the next one: npx tandem evolve open ${subject}
      examples: [{ payload: { version: v1, ${key}: '1', text: hello } }]
  schemas:
    ${message}:
      type: object
      required: [version, ${key}, text]
      properties:
        version: { type: string, const: v1 }
        ${key}: { type: string, minLength: 1 }
        text: { type: string, description: What there is to say. }
`;
}

function capital(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
