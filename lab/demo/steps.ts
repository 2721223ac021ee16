/** Shows what the demo is doing: a line for each step, with progress where it takes longer than a second. */

const FIRST_SIGN_MS = 1_000;
const REDRAW_MS = 200;

export interface Steps {
  /** Runs the work under a title. `report` changes what is shown while it runs. */
  run<R>(title: string, work: (report: (doing: string) => void) => Promise<R>): Promise<R>;
}

/** Steps on a terminal redraw one line; elsewhere (CI, a pipe) a line is added when a step takes long. */
export function showSteps(out: NodeJS.WriteStream): Steps {
  return {
    async run(title, work) {
      const started = performance.now();
      let doing = "";
      const line = () => `  … ${title}${doing === "" ? "" : `: ${doing}`} (${seconds(started)})`;
      const draw = () => out.write(out.isTTY ? `\r\x1b[2K${line()}` : `${line()}\n`);
      let redraw: NodeJS.Timeout | undefined;
      const firstSign = setTimeout(() => {
        draw();
        if (out.isTTY) redraw = setInterval(draw, REDRAW_MS);
      }, FIRST_SIGN_MS);
      const end = (mark: string) => {
        clearTimeout(firstSign);
        clearInterval(redraw);
        out.write(`${out.isTTY ? "\r\x1b[2K" : ""}${mark} ${title} (${seconds(started)})\n`);
      };
      try {
        const result = await work((text) => {
          doing = text;
          if (!out.isTTY && performance.now() - started > FIRST_SIGN_MS) draw();
        });
        end("✓");
        return result;
      } catch (error) {
        end("✗");
        throw error;
      }
    },
  };
}

function seconds(started: number): string {
  return `${((performance.now() - started) / 1_000).toFixed(1)} s`;
}
