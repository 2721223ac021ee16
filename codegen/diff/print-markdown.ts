/** A comparison as a comment on a pull request. */
import { type Change, type Finding, passes } from "./change.ts";
import { verdictOn } from "./changes.ts";
import { type Compared, counted, sentences, titleOf, wordFor } from "./words.ts";

const MARKS = { breaking: "❌", undecided: "❓", acknowledged: "☑️", compatible: "✅" } as const;

/** Prints a comparison as Markdown. Text of the contract shows as what it is, never as markup. */
export function markdown({ file, base, changes }: Compared): string {
  const verdict = verdictOn(changes);
  const head = [`### ${MARKS[verdict]} ${plain(file)} is ${verdict} with ${plain(base)}`, "", `${counted(changes)}.`];
  if (changes.length === 0) return head.join("\n");
  const rows = changes.map((change) => {
    const word = wordFor(change);
    return `| ${MARKS[word]} ${word} | ${plain(change.subject)} ${plain(change.path)} | ${plain(change.what)} | \`${change.kind}\`, ${place(change, file)} |`;
  });
  const failing = changes.filter((change) => !passes(change));
  return [
    ...head,
    "",
    "| | event or call | change | |",
    "|---|---|---|---|",
    ...rows,
    ...failing.flatMap((change) => details(change, base)),
  ].join("\n");
}

/** The line, with the file where that is another one than the contract itself. */
function place(change: Compared["changes"][number], file: string): string {
  return change.file === file ? `line ${change.line}` : `${plain(change.file)}, line ${change.line}`;
}

function details(change: Change, base: string): string[] {
  return [
    "",
    `#### ${plain(titleOf(change))}`,
    ...change.findings.flatMap((finding) => shownFinding(change, finding, base)),
    ...(change.hint === "" ? [] : ["", plain(change.hint)]),
  ];
}

function shownFinding(change: Change, finding: Finding, base: string): string[] {
  const [head, ...rest] = sentences(change, finding, base);
  if (finding.verdict !== "breaking") return ["", `- ${plain(head ?? "")}`];
  const [, ...faults] = rest;
  const witness = JSON.stringify(finding.witness, null, 2);
  const fence = "`".repeat(Math.max(3, ...[...witness.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  return [
    "",
    `- ${plain(head ?? "")}`,
    "",
    `${fence}json`,
    witness,
    fence,
    "",
    ...faults.map((fault) => `  ${plain(fault.trim())}`),
  ];
}

/** Text that Markdown takes as it is, on one line. */
function plain(text: string): string {
  return text.replaceAll(/\s+/g, " ").replaceAll(/[\\`*_{}[\]<>()#+!|~@&-]/g, String.raw`\$&`);
}
