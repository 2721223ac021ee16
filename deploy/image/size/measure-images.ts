/** Builds and measures every image of the repository, and the naive one beside them. */
import { askDocker } from "../../engine/docker.ts";
import { buildImage } from "../build-image.ts";
import { SERVICES, TARGETS } from "../targets.ts";
import { judgeSizes, type Measured, type Sizes } from "./judge-sizes.ts";
import { ImageScale, type Layer } from "./measure.ts";

export interface MeasureOptions {
  /** The repository. */
  readonly root: string;
  /** What the naive image stands on. */
  readonly naiveBase: string;
  readonly onProgress: (text: string) => void;
}

/** What came of it. */
export interface ImageSizes {
  readonly naive: readonly Layer[];
  /** What the naive image stands on. */
  readonly naiveBase: string;
  readonly sizes: readonly Sizes[];
  /** Why ours are not judged beside the naive image; undefined when they are. */
  readonly notJudged: string | undefined;
}

/** The naive image stands on this where what was asked for cannot be had: our own build needs it anyway. */
const FALLBACK = "node:24-bookworm-slim";

/** Builds all, measures all, and judges. */
export async function measureImages({ root, naiveBase: wanted, onProgress }: MeasureOptions): Promise<ImageSizes> {
  const scale = new ImageScale();
  const images: Measured[] = [];
  const isService = (name: string): boolean => SERVICES.some((service) => service === name);
  for (const { name } of TARGETS) {
    onProgress(`building ${name}`);
    const image = await buildImage(`tandem-${name}`, { root, target: name });
    images.push({ name: `tandem-${name}`, layers: await scale.layersOf(image), isService: isService(name) });
  }
  const isThere = await canBeHad(wanted);
  const naiveBase = isThere ? wanted : FALLBACK;
  const notJudged = isThere
    ? undefined
    : `${wanted} cannot be had here, so the naive image stands on ${FALLBACK}, which leaves out most of it`;
  onProgress("building the naive image");
  const naive = await buildImage("tandem-naive", {
    root,
    dockerfile: "deploy/image/naive.Dockerfile",
    args: { NODE_IMAGE: naiveBase },
  });
  const layers = await scale.layersOf(naive);
  return { naive: layers, naiveBase, sizes: judgeSizes(images, layers, isThere), notJudged };
}

async function canBeHad(image: string): Promise<boolean> {
  if ((await askDocker(["image", "inspect", image])).code === 0) return true;
  return (await askDocker(["pull", "--quiet", image])).code === 0;
}
