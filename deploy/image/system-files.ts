/** What a program needs of a system: the libraries that it loads, and what the rest of the world looks for in an image. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** A package of the system that files were taken from. */
export interface SystemPackage {
  readonly name: string;
  readonly version: string;
}

/** The user that runs everything: nobody of the machine. */
const USER = 65_532;

/** Debian's own record of what is installed. */
const DPKG = "/var/lib/dpkg";

/** As `process.report` names it; the kernel brings it. */
const OF_THE_KERNEL = "linux-vdso.so.1";

/**
 * Copies what this very process has loaded into an empty root, with the entries of Debian's record for the packages that
 * it is from, so that who looks for known faults finds them there. Answers those packages, sorted.
 * @param folder The root; its folders are made
 * @throws when a library belongs to no package: of what is not known nobody hears that it is faulty
 */
export function stageSystem(folder: string): readonly SystemPackage[] {
  const libraries = loadedLibraries();
  for (const library of libraries) {
    mkdirSync(join(folder, dirname(library)), { recursive: true });
    copyFileSync(realpathSync(library), join(folder, library));
  }
  const names = new Set(libraries.map((library) => packageOf(library)));
  const record = readFileSync(join(DPKG, "status"), "utf8").split("\n\n");
  const packages = [...names].sort().map((name) => stagePackage(folder, name, record));
  mkdirSync(join(folder, "etc"), { recursive: true });
  copyFileSync(realpathSync("/etc/os-release"), join(folder, "etc/os-release"));
  writeFileSync(
    join(folder, "etc/passwd"),
    `root:x:0:0:root:/:/sbin/nologin\nnonroot:x:${USER}:${USER}:nonroot:/:/sbin/nologin\n`,
  );
  writeFileSync(join(folder, "etc/group"), `root:x:0:\nnonroot:x:${USER}:\n`);
  return packages;
}

/** Paths of the shared objects of this process. */
function loadedLibraries(): readonly string[] {
  const report: unknown = process.report.getReport();
  if (
    typeof report === "object" &&
    report !== null &&
    "sharedObjects" in report &&
    Array.isArray(report.sharedObjects)
  ) {
    return report.sharedObjects.map(String).filter((path) => path !== OF_THE_KERNEL);
  }
  throw new Error("Node does not say which libraries it has loaded.");
}

function packageOf(library: string): string {
  const lists = readdirSync(join(DPKG, "info")).filter((file) => file.endsWith(".list"));
  // A system whose /lib is a link has its packages name files by either path.
  const paths = [library, `/usr${library}`, realpathSync(library)];
  const owner = lists.find((list) => {
    const files = new Set(readFileSync(join(DPKG, "info", list), "utf8").split("\n"));
    return paths.some((path) => files.has(path));
  });
  if (owner === undefined) throw new Error(`${library} belongs to no package of this system.`);
  return owner.replace(/(?::\w+)?\.list$/, "");
}

function stagePackage(folder: string, name: string, record: readonly string[]): SystemPackage {
  const entry = record.find((stanza) => stanza.startsWith(`Package: ${name}\n`));
  const version = /^Version: (.+)$/m.exec(entry ?? "")?.[1];
  if (entry === undefined || version === undefined) throw new Error(`dpkg has no record of ${name}.`);
  const known = join(folder, DPKG, "status.d");
  mkdirSync(known, { recursive: true });
  writeFileSync(join(known, name), `${entry.trim()}\n`);
  const terms = join("/usr/share/doc", name, "copyright");
  if (existsSync(terms)) {
    mkdirSync(join(folder, dirname(terms)), { recursive: true });
    copyFileSync(terms, join(folder, terms));
  }
  return { name, version };
}
