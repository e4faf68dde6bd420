/** A text broken into lines at the largest size at which it fits. */
export type FittedText = { readonly sizePt: number; readonly lines: readonly string[] };

export type TextBox = {
  readonly widthPt: number;
  readonly heightPt: number;
  /** Tried from the largest down; the last is used even if the text has to be cut. */
  readonly sizesPt: readonly number[];
  /** Of the size: distance of two base lines. */
  readonly lineHeight: number;
};

/** Width of a text at a size of 1 pt. */
export type Measure = (text: string) => number;

const ELLIPSIS = '…';

/**
 * Shrinks first, then wraps, and cuts with an ellipsis only when the smallest size does not hold the text either: two
 * texts never overlap, and nothing runs out of its box.
 *
 * @returns no lines for a blank text.
 */
export function fitText(text: string, box: TextBox, measure: Measure): FittedText {
  const words = text.trim();
  const smallest = box.sizesPt.at(-1) ?? 6;
  if (words === '') return { sizePt: smallest, lines: [] };
  for (const sizePt of box.sizesPt) {
    const lines = breakLines(words, box.widthPt / sizePt, measure);
    if (lines.length * sizePt * box.lineHeight <= box.heightPt) return { sizePt, lines };
  }
  const lines = breakLines(words, box.widthPt / smallest, measure);
  const room = Math.max(1, Math.floor(box.heightPt / (smallest * box.lineHeight)));
  return { sizePt: smallest, lines: cut(lines, room, box.widthPt / smallest, measure) };
}

/** Breaks between words and between Chinese characters; a word that is too long for a line is broken where it must. */
export function breakLines(text: string, width: number, measure: Measure): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text)) {
    const longer = line === '' ? piece.trimStart() : line + piece;
    if (measure(longer.trimEnd()) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line.trimEnd());
    line = piece.trimStart();
    while (line.length > 1 && measure(line) > width) {
      const fits = longestPrefix(line, width, measure);
      lines.push(line.slice(0, fits));
      line = line.slice(fits);
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  return lines;
}

/**
 * A run of Latin with the blanks before it, or one character of any other script with the closing marks behind it: no
 * line begins with a comma.
 */
function piecesOf(text: string): string[] {
  return (
    text.match(/\s*[!-~\u00a0-\u024f]+[，。、；：！？）】》]*|\s*[^!-~\u00a0-\u024f\s][，。、；：！？）】》]*|\s+/gu) ??
    []
  );
}

function longestPrefix(text: string, width: number, measure: Measure): number {
  let low = 1;
  let high = text.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(text.slice(0, middle)) <= width) low = middle;
    else high = middle - 1;
  }
  // Not between the halves of a character beyond the basic plane.
  return /[\uD800-\uDBFF]/.test(text.charAt(low - 1)) && low < text.length ? low + 1 : low;
}

function cut(lines: readonly string[], room: number, width: number, measure: Measure): string[] {
  if (lines.length <= room) return [...lines];
  const kept = lines.slice(0, room);
  let last = kept[room - 1] ?? '';
  while (last !== '' && measure(last + ELLIPSIS) > width) last = [...last].slice(0, -1).join('');
  return [...kept.slice(0, -1), last + ELLIPSIS];
}
