/** One run: from the files of a contract to those of its code, or to what differs. */
import { resolve } from "node:path";
import { type Diagnostic, hasErrors } from "../diagnostic.ts";
import type { Question } from "../kept/kept-results.ts";
import { readContractFile } from "./contract-file.ts";
import { commandOf, type Io } from "./io.ts";
import { mendingCommand, questionOf, type Request } from "./request.ts";
import { driftText, show, summary } from "./say.ts";

/** Generates from the text of a contract, or checks what is there, and returns the exit code. */
export async function generateOnce(text: string, request: Request, io: Io): Promise<number> {
  const question = questionOf(request, io);
  const { directory } = question;
  if (await isDoneAlready(question, request, io)) return 0;
  const looked = new Map<string, string | undefined>([[request.file, text]]);
  const [{ generate }, { compare, driftDiagnostics, foreignDiagnostics }, output, { findParts, keepParts }] =
    await Promise.all([
      import("../generate.ts"),
      import("../output/drift.ts"),
      import("../output/output.ts"),
      import("../kept/kept-parts.ts"),
    ]);
  const { readOutput, writeOutput } = output;
  const parts = await findParts(question);
  const { files, diagnostics, texts } = await generate(request.file, text, {
    command: commandOf(io).alone,
    strict: request.strict,
    parts,
    read: async (path) => {
      const other = await readContractFile(resolve(io.cwd, path));
      looked.set(path, other);
      return other;
    },
  });
  if (hasErrors(diagnostics)) {
    await show(diagnostics, texts, request, io);
    return 1;
  }
  const comparison = compare(files, await readOutput(directory));
  if (comparison.foreign.length > 0) {
    await show([...diagnostics, ...foreignDiagnostics(comparison, request.out)], texts, request, io);
    return 1;
  }
  if (request.check && comparison.drift.length > 0) {
    const mend = mendingCommand(request, io);
    const machine = request.format !== "text";
    await show(
      machine ? [...diagnostics, ...driftDiagnostics(comparison, request.out, mend)] : diagnostics,
      texts,
      request,
      io,
    );
    if (!machine) io.stderr(driftText(comparison, request, io));
    return 1;
  }
  if (!request.check) writeOutput(directory, files, comparison.drift);
  await Promise.all([keepResult(question, looked, files, diagnostics), keepParts(question, parts)]);
  await show(diagnostics, texts, request, io);
  if (request.format === "text") io.stdout(summary(files.size, comparison, request));
  return 0;
}

/** Whether nothing is to be done, because everything is what it was; then it says what there is to say. */
async function isDoneAlready(question: Question, request: Request, io: Io): Promise<boolean> {
  const { findKept, isUnchanged } = await import("../kept/kept-results.ts");
  const kept = await findKept(question, (path) => readContractFile(resolve(io.cwd, path)));
  if (kept === undefined) return false;
  const [{ compare }, { readOutput }] = await Promise.all([
    import("../output/drift.ts"),
    import("../output/output.ts"),
  ]);
  const { outputs, diagnostics } = kept.result;
  const present = await readOutput(question.directory);
  if (!isUnchanged(kept.result, present)) return false;
  const expected = new Map([...present].filter(([path]) => Object.hasOwn(outputs, path)));
  const comparison = compare(expected, present);
  if (comparison.drift.length > 0) return false;
  await show(diagnostics, kept.texts, request, io);
  if (request.format === "text") io.stdout(summary(expected.size, comparison, request));
  return true;
}

/** Keeps what a run without errors came to. */
export async function keepResult(
  question: Question,
  looked: ReadonlyMap<string, string | undefined>,
  files: ReadonlyMap<string, string>,
  diagnostics: readonly Diagnostic[],
): Promise<void> {
  const [{ keep }, { digest }] = await Promise.all([
    import("../kept/kept-results.ts"),
    import("../kept/fingerprint.ts"),
  ]);
  const inputs = [...looked].map(([path, text]) => [path, text === undefined ? null : digest(text)] as const);
  const outputs = [...files].map(([path, text]) => [path, digest(text)] as const);
  await keep(question, { inputs: Object.fromEntries(inputs), outputs: Object.fromEntries(outputs), diagnostics });
}
