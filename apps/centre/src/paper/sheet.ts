import type { Doc } from './doc.ts';
import { fitText, type Measure } from './fit-text.ts';

/** A4, in points. */
export const PAGE = { width: 595.28, height: 841.89 } as const;
export const MARGIN = 42;
export const WIDTH = PAGE.width - 2 * MARGIN;
/** Above the line at the foot. */
const BOTTOM = PAGE.height - MARGIN - 18;
export const LINE_HEIGHT = 1.3;

/** Where on which page the next thing goes. */
export class Sheet {
  readonly doc: Doc;
  readonly measure: Measure;
  y = MARGIN;

  constructor(doc: Doc) {
    this.doc = doc;
    const known = new Map<string, number>();
    this.measure = (text) => {
      const before = known.get(text);
      if (before !== undefined) return before;
      const width = doc.fontSize(1).widthOfString(text);
      known.set(text, width);
      return width;
    };
  }

  /** @returns whether a new page was begun for it. */
  need(height: number): boolean {
    if (this.hasRoom(height)) return false;
    this.newPage();
    return true;
  }

  hasRoom(height: number): boolean {
    return this.y + height <= BOTTOM;
  }

  newPage(): void {
    this.doc.addPage();
    this.y = MARGIN;
  }

  /** Fitted lines, from the top down. */
  lines(lines: readonly string[], x: number, y: number, sizePt: number, colour = '#000000'): void {
    this.doc.fontSize(sizePt).fillColor(colour);
    for (const [index, line] of lines.entries())
      this.doc.text(line, x, y + index * sizePt * LINE_HEIGHT, { lineBreak: false });
  }

  /** Lines in a box; @returns their height. */
  write(text: string, x: number, width: number, sizePt: number, colour = '#000000', y = this.y): number {
    const box = { widthPt: width, heightPt: Infinity, sizesPt: [sizePt], lineHeight: LINE_HEIGHT };
    const { lines } = fitText(text, box, this.measure);
    this.lines(lines, x, y, sizePt, colour);
    return lines.length * sizePt * LINE_HEIGHT;
  }

  paragraph(text: string, sizePt: number, gap = 4, colour = '#000000'): void {
    this.need(sizePt * LINE_HEIGHT);
    this.y += this.write(text, MARGIN, WIDTH, sizePt, colour) + gap;
  }

  rule(colour = '#999999'): void {
    this.doc
      .lineWidth(0.5)
      .strokeColor(colour)
      .moveTo(MARGIN, this.y)
      .lineTo(MARGIN + WIDTH, this.y)
      .stroke();
  }
}
