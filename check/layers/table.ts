/** The one direction of this repository, as ARCHITECTURE.md tells it. */
import type { LayerTable } from "../../codegen/check/layers.ts";

/** Who may import what. A folder that stands in no row may not exist. */
export const LAYERS: LayerTable = {
  scope: "@tandem/",
  aliases: { "#generated/": "generated/" },
  layers: [
    {
      folder: "runtime",
      mayImport: [],
      hint: "Everything stands on the runtime: what it needs of others is handed to it.",
    },
    {
      folder: "codegen",
      mayImport: [],
      hint: "The generator stands alone: what it needs to know is in the contract.",
    },
    {
      folder: "generated",
      mayImport: ["@tandem/runtime"],
      hint: "Generated code stands on @tandem/runtime only: mend the emitter.",
    },
    {
      folder: "evolutions",
      mayImport: [{ to: "generated", typesOnly: true }, "@tandem/runtime"],
      hint: "A mapping is a pure function between generated types.",
    },
    {
      folder: "services/*",
      mayImport: [
        "generated",
        "@tandem/runtime",
        "@tandem/runtime/failpoint",
        { to: "evolutions", from: "services/*/main.ts" },
      ],
      hint: "A service uses #generated/ and @tandem/runtime, and meets other services on the broker only.",
    },
    {
      folder: "ops",
      mayImport: ["codegen", "@tandem/runtime", "@tandem/runtime/admin"],
      hint: "ops serves any repository: it is given the topology as a file and uses @tandem/runtime and codegen/.",
    },
    ...["lab", "contract-tests", "bench", "check", "packaging", "site", "studio", "deploy", "."].map(
      (folder) => ({ folder, mayImport: "anything", hint: "" }) as const,
    ),
  ],
  kept: [
    {
      library: "{nats,@nats-io/*}",
      by: "runtime/nats/**",
      hint: "Work with the Broker of runtime/broker.ts; only runtime/nats/ knows the client.",
    },
    {
      library: "{pg,pg-*}",
      by: "runtime/postgres/**",
      typesBy: "runtime/handler.ts",
      hint: "Take a Transaction or a pool from @tandem/runtime; only runtime/postgres/ opens connections.",
    },
  ],
  tests: "**/{*.test.ts,tests/**,conformance/**}",
  testsMayImport: ["lab", "@tandem/runtime", "@tandem/runtime/testing"],
  // The laws run on whatever code was generated, in this repository or another.
  loaders: ["codegen/evolution/laws/law-subjects.ts"],
};
