/** The sizes of images beside what they may be. Sizes in bytes; a MB is a million of them. */
import type { Layer } from "./measure.ts";

/** What holds for every image of a service. */
const LIMITS = {
  image: 120e6,
  imageCompressed: 46e6,
  /** What is not shared with the other services: what a release of one service moves. */
  own: 1.5e6,
  ownCompressed: 0.5e6,
  /** The largest part of the naive image. */
  ofNaive: 0.1,
} as const;

/** An image with its layers, the lowest first. */
export interface Measured {
  readonly name: string;
  readonly layers: readonly Layer[];
  /** Whether the limits hold for it. */
  readonly isService: boolean;
}

/** One line of the table. */
export interface Sizes {
  readonly name: string;
  readonly image: number;
  readonly imageCompressed: number;
  readonly own: number;
  readonly ownCompressed: number;
  /** Of the naive image, 0 to 1. */
  readonly ofNaive: number;
  /** What is too large, in sentences. */
  readonly faults: readonly string[];
}

/**
 * Adds up and judges.
 * @param naive The layers of the yardstick
 * @param isYardstick Whether a tenth of it is the limit; otherwise it is only shown
 */
export function judgeSizes(images: readonly Measured[], naive: readonly Layer[], isYardstick = true): readonly Sizes[] {
  const services = images.filter(({ isService }) => isService);
  const shared = new Set(
    (services[0]?.layers ?? []).flatMap(({ digest }) =>
      services.every(({ layers }) => layers.some((layer) => layer.digest === digest)) ? [digest] : [],
    ),
  );
  return images.map(({ name, layers, isService }) => {
    const own = layers.filter(({ digest }) => !shared.has(digest));
    const sizes = {
      image: sum(layers, "size"),
      imageCompressed: sum(layers, "compressed"),
      own: sum(own, "size"),
      ownCompressed: sum(own, "compressed"),
      ofNaive: sum(layers, "size") / sum(naive, "size"),
    };
    return { name, ...sizes, faults: isService ? faultsOf(name, sizes, isYardstick) : [] };
  });
}

function faultsOf(name: string, sizes: Omit<Sizes, "name" | "faults">, isYardstick: boolean): readonly string[] {
  const words = {
    image: "The whole image",
    imageCompressed: "The whole image, compressed,",
    own: "What it does not share",
    ownCompressed: "What it does not share, compressed,",
  } as const;
  const keys = ["image", "imageCompressed", "own", "ownCompressed"] as const;
  const large = keys
    .filter((key) => sizes[key] > LIMITS[key])
    .map((key) => `${name}: ${words[key]} has ${megabytes(sizes[key])} MB, more than ${megabytes(LIMITS[key])}.`);
  const share = `${name}: It has ${percent(sizes.ofNaive)} of the naive image, more than ${percent(LIMITS.ofNaive)}.`;
  return isYardstick && sizes.ofNaive > LIMITS.ofNaive ? [...large, share] : large;
}

/** The table, with the yardstick as its first line. */
export function sizeTable(naiveName: string, naive: readonly Layer[], sizes: readonly Sizes[]): string {
  const rows = [
    ["image", "MB", "compressed", "own MB", "compressed", "of naive"],
    [naiveName, megabytes(sum(naive, "size")), megabytes(sum(naive, "compressed")), "", "", ""],
    ...sizes.map((size) => [
      size.name,
      megabytes(size.image),
      megabytes(size.imageCompressed),
      megabytes(size.own),
      megabytes(size.ownCompressed),
      percent(size.ofNaive),
    ]),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

function sum(layers: readonly Layer[], of: "size" | "compressed"): number {
  return layers.reduce((total, layer) => total + layer[of], 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 2 : 1);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
