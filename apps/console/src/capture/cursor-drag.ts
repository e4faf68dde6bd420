import type uPlot from 'uplot';
import type { CursorName } from './cursor.ts';

/** A hand hits a line of one pixel only if the line is this wide, to either side. */
const reachPx = 6;

/** The cursor under the pointer, `leftPx` from the left edge of the plotted area; the nearer one where both are. */
export function cursorNear(
  plot: Pick<uPlot, 'valToPos'>,
  cursorMs: Readonly<Record<CursorName, number>>,
  leftPx: number,
): CursorName | undefined {
  const distance = (name: CursorName): number => Math.abs(plot.valToPos(cursorMs[name], 'x') - leftPx);
  const nearer = distance('a') <= distance('b') ? 'a' : 'b';
  return distance(nearer) <= reachPx ? nearer : undefined;
}

/** Follows the mouse until its button is released, wherever that happens; tells the time under it, in milliseconds. */
export function followMouse(plot: uPlot, onMove: (ms: number) => void): void {
  const abort = new AbortController();
  const { signal } = abort;
  const move = (event: MouseEvent): void => {
    const { left, width } = plot.over.getBoundingClientRect();
    onMove(plot.posToVal(Math.min(width, Math.max(0, event.clientX - left)), 'x'));
  };
  document.addEventListener('mousemove', move, { signal });
  document.addEventListener('mouseup', () => abort.abort(), { signal });
}
