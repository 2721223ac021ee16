/** How large an image is: its layers as they lie on a disk, and as a registry sends them. */
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip, createGzip } from "node:zlib";
import { docker } from "../../engine/docker.ts";

/** One layer of an image, bytes. */
export interface Layer {
  /** The same for the same content, wherever it is. */
  readonly digest: string;
  readonly size: number;
  /** With gzip, as it is pushed. */
  readonly compressed: number;
}

const run = promisify(execFile);

/** Measures images one after the other; a layer that several have is compressed once. */
export class ImageScale {
  readonly #known = new Map<string, Layer>();

  /** The layers of an image, the lowest first. */
  async layersOf(image: string): Promise<readonly Layer[]> {
    const folder = await mkdtemp(join(tmpdir(), "tandem-image-"));
    try {
      const archive = join(folder, "image.tar");
      await docker(["save", "--output", archive, image]);
      await run("tar", ["-xf", archive, "-C", folder]);
      await rm(archive);
      const layers: Layer[] = [];
      for (const path of layerPaths(await readFile(join(folder, "manifest.json"), "utf8"), image)) {
        const digest = path.split("/").at(-1) ?? path;
        const layer = this.#known.get(digest) ?? { digest, ...(await weigh(join(folder, path))) };
        this.#known.set(digest, layer);
        layers.push(layer);
      }
      return layers;
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

function layerPaths(manifest: string, image: string): readonly string[] {
  const images: unknown = JSON.parse(manifest);
  const [first] = Array.isArray(images) ? (images as readonly unknown[]) : [];
  if (typeof first === "object" && first !== null && "Layers" in first && Array.isArray(first.Layers)) {
    return first.Layers.map(String);
  }
  throw new Error(`docker save did not say which layers ${image} has.`);
}

/** An engine may keep layers compressed in its own way, so each is opened and compressed again. */
async function weigh(file: string): Promise<{ readonly size: number; readonly compressed: number }> {
  let [size, compressed] = [0, 0];
  const count = async function* (chunks: AsyncIterable<Buffer>) {
    for await (const chunk of chunks) {
      size += chunk.length;
      yield chunk;
    }
  };
  const gzip = createGzip({ level: 6 });
  gzip.on("data", (chunk: Buffer) => (compressed += chunk.length));
  if (await startsWithGzip(file)) await pipeline(createReadStream(file), createGunzip(), count, gzip);
  else await pipeline(createReadStream(file), count, gzip);
  return { size, compressed };
}

async function startsWithGzip(file: string): Promise<boolean> {
  for await (const chunk of createReadStream(file, { end: 1 })) {
    return Buffer.isBuffer(chunk) && chunk[0] === 0x1f && chunk[1] === 0x8b;
  }
  return false;
}
