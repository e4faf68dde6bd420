import type { Locator } from 'playwright-core';

/**
 * Runs of neighbouring pixel columns in which a canvas holds a colour, as shares of its width: what is drawn, read from
 * the drawing itself. Runs that touch within `bridge` columns count as one; `opacity` (0 to 255) finds a shade.
 */
export function columnsOfInk(
  canvas: Locator,
  colour: string,
  bridge = 6,
  opacity = 255,
): Promise<{ from: number; to: number }[]> {
  return canvas.evaluate(
    (element, [hex, gap, alpha]) => {
      if (!(element instanceof HTMLCanvasElement)) throw new Error('not a canvas');
      const { width, height } = element;
      const pixels = element.getContext('2d')?.getImageData(0, 0, width, height).data;
      if (!pixels) throw new Error('the canvas cannot be read');
      const wanted = [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
      const holds = (x: number): boolean => {
        for (let y = 0; y < height; y++) {
          const at = 4 * (y * width + x);
          if (pixels[at + 3] === alpha && wanted.every((value, i) => Math.abs((pixels[at + i] ?? -99) - value) <= 12))
            return true;
        }
        return false;
      };
      const runs: { from: number; to: number }[] = [];
      for (let x = 0; x < width; x++) {
        if (!holds(x)) continue;
        const last = runs.at(-1);
        if (last && x - last.to <= gap) last.to = x;
        else runs.push({ from: x, to: x });
      }
      return runs.map(({ from, to }) => ({ from: from / width, to: to / width }));
    },
    [colour, bridge, opacity] as const,
  );
}
