import type { Doc } from './doc.ts';
import { create } from 'qrcode';

/** Modules that must stay white around a code (ISO/IEC 18004). */
const QUIET = 4;

/**
 * Draws a QR code as vectors into a square, its quiet zone included. Level M survives 15 % of dirt.
 *
 * @throws when the text is longer than the largest code holds (2,331 bytes at level M).
 */
export function drawQr(doc: Doc, text: string, x: number, y: number, sidePt: number): void {
  const { modules } = create(text, { errorCorrectionLevel: 'M' });
  const module = sidePt / (modules.size + 2 * QUIET);
  for (let row = 0; row < modules.size; row++) {
    for (let column = 0; column < modules.size; column++) {
      if (modules.get(row, column) === 0) continue;
      let length = 1;
      while (column + length < modules.size && modules.get(row, column + length) !== 0) length++;
      // A hair of overlap: between two rows that only touch, some viewers draw a white line.
      doc.rect(x + (column + QUIET) * module, y + (row + QUIET) * module, length * module, module * 1.02);
      column += length;
    }
  }
  doc.fill('#000000');
}

/** The dark modules of a text as one path: horizontal runs, so that a screen draws it without a library. */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const { size, data } = create(text, { errorCorrectionLevel: 'M' }).modules;
  const runs: string[] = [];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      if (data[y * size + x] !== 1) continue;
      const from = x;
      while (x + 1 < size && data[y * size + x + 1] === 1) x++;
      runs.push(`M${from} ${y}h${x + 1 - from}v1h-${x + 1 - from}z`);
    }
  }
  return { size, path: runs.join('') };
}
