/** Builds and measures every image of the repository, and the naive one beside them. */
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

/** The layers of the naive image, and the sizes of ours beside them. */
export async function measureImages({ root, naiveBase, onProgress }: MeasureOptions): Promise<{
  readonly naive: readonly Layer[];
  readonly sizes: readonly Sizes[];
}> {
  const scale = new ImageScale();
  const images: Measured[] = [];
  const isService = (name: string): boolean => SERVICES.some((service) => service === name);
  for (const { name } of TARGETS) {
    onProgress(`building ${name}`);
    const image = await buildImage(`tandem-${name}`, { root, target: name });
    images.push({ name: `tandem-${name}`, layers: await scale.layersOf(image), isService: isService(name) });
  }
  onProgress("building the naive image");
  const naive = await buildImage("tandem-naive", {
    root,
    dockerfile: "deploy/image/naive.Dockerfile",
    args: { NODE_IMAGE: naiveBase },
  });
  const layers = await scale.layersOf(naive);
  return { naive: layers, sizes: judgeSizes(images, layers) };
}
