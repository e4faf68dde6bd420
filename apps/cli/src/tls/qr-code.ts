import { toString } from 'qrcode';

const QUIET_ZONE = 4; // ISO/IEC 18004: four light modules around it

/** QR codes under their titles, beside each other when `columns` characters are enough, else one below the other. */
export async function qrCodePanel(
  codes: readonly { readonly title: string; readonly text: string }[],
  columns: number,
): Promise<string> {
  const drawn = await Promise.all(codes.map(async ({ title, text }) => ({ title, lines: await linesOf(text) })));
  const gap = '  ';
  const widths = drawn.map(({ lines }) => lines[0]?.length ?? 0);
  const total = widths.reduce((sum, width) => sum + width + gap.length, -gap.length);
  if (total > columns) return drawn.map(({ title, lines }) => [title, ...lines.map(onWhite)].join('\n')).join('\n\n');
  const height = Math.max(...drawn.map(({ lines }) => lines.length));
  const rows = Array.from({ length: height }, (_, row) =>
    drawn.map(({ lines }, index) => lines[row]?.replace(/.+/, onWhite) ?? ' '.repeat(widths[index] ?? 0)).join(gap),
  );
  const titles = drawn.map(
    ({ title }, index) => title + ' '.repeat(Math.max(0, (widths[index] ?? 0) - cellsOf(title))),
  );
  return [titles.join(gap).trimEnd(), ...rows].join('\n');
}

/** Half blocks, two modules in each character, a block where the code is dark. */
async function linesOf(text: string): Promise<string[]> {
  const drawing = await toString(text, { type: 'utf8', errorCorrectionLevel: 'L', margin: QUIET_ZONE });
  return drawing.split('\n').filter((line) => line !== '');
}

/**
 * Black on white whatever the terminal's colours are: many scanners refuse an inverted code. 107 is brighter than 47; a
 * terminal that does not know it keeps 47.
 */
const onWhite = (line: string): string => `\u001b[30;47;107m${line}\u001b[0m`;

/** Chinese characters take two cells. */
const cellsOf = (text: string): number =>
  [...text].reduce((sum, character) => sum + (/[⺀-￯]/.test(character) ? 2 : 1), 0);
