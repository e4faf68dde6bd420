import { create } from 'qrcode';

const QUIET_ZONE = 4; // ISO/IEC 18004 8.3.8: four modules of light around it

/**
 * A QR code as lines of half blocks, two modules per character, in black on white whatever the terminal's colours are:
 * many scanners refuse an inverted code.
 */
export function qrCodeLines(text: string): { readonly lines: readonly string[]; readonly width: number } {
  const { modules } = create(text, { errorCorrectionLevel: 'L' });
  const width = modules.size + 2 * QUIET_ZONE;
  const isDark = (row: number, column: number): boolean => {
    const [y, x] = [row - QUIET_ZONE, column - QUIET_ZONE];
    return y >= 0 && x >= 0 && y < modules.size && x < modules.size && modules.get(y, x) === 1;
  };
  const lines: string[] = [];
  for (let row = 0; row < width; row += 2) {
    let line = '';
    for (let column = 0; column < width; column++) {
      const [upper, lower] = [isDark(row, column), isDark(row + 1, column)];
      line += upper ? (lower ? '█' : '▀') : lower ? '▄' : ' ';
    }
    // 107 is brighter than 47; a terminal that does not know it keeps 47.
    lines.push(`\u001b[30;47;107m${line}\u001b[0m`);
  }
  return { lines, width };
}

/** Two codes beside each other when they fit, else one below the other; each under its title. */
export function qrCodePanel(
  codes: readonly { readonly title: string; readonly text: string }[],
  columns: number,
): string {
  const drawn = codes.map(({ title, text }) => ({ title, ...qrCodeLines(text) }));
  const gap = '  ';
  const total = drawn.reduce((sum, { width }) => sum + width, 0) + gap.length * (drawn.length - 1);
  if (total > columns) return drawn.map(({ title, lines }) => [title, ...lines].join('\n')).join('\n\n');
  const height = Math.max(...drawn.map(({ lines }) => lines.length));
  const rows = [drawn.map(({ title, width }) => title.padEnd(width)).join(gap)];
  for (let row = 0; row < height; row++) {
    rows.push(drawn.map(({ lines, width }) => lines[row] ?? ' '.repeat(width)).join(gap));
  }
  return rows.join('\n');
}
