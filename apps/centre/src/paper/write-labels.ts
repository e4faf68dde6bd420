import type { Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import type { Doc } from './doc.ts';
import { fitText, type Measure } from './fit-text.ts';
import type { Label } from './label.ts';
import type { LabelSheet } from './label-sheet.ts';
import { usePaperFont } from './paper-font.ts';
import { drawQr } from './qr.ts';

type Rect = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };

const PADDING_PT = 6;
const GAP_PT = 4;
const PART_GAP_PT = 2;
const LINE_HEIGHT = 1.25;
/** In both languages: who installs may read only one of them. */
const CLAIM_WORDS = '认领码 claim ';
/** A printer draws this; anything finer is left out by cheap ones. */
const CUT_LINE_PT = 0.25;

/**
 * Where a scan leads: the page of the device. The claim code stands behind `#`: a browser keeps that part to itself, so
 * it reaches no server and no log.
 */
export function labelUrl(baseUrl: string, { deviceId, claimCode }: Pick<Label, 'deviceId' | 'claimCode'>): string {
  const url = `${baseUrl.replace(/\/+$/, '')}/devices/${encodeURIComponent(deviceId)}`;
  return claimCode === undefined ? url : `${url}#claim=${claimCode}`;
}

/**
 * Labels as a PDF that flows page by page: at most a page is held, and between two pages the process does other work.
 *
 * @param labels printed in this order, left to right, then down. None: one page that says so.
 */
export function writeLabels(labels: readonly Label[], sheet: LabelSheet, baseUrl: string): Readable {
  const doc = new PDFDocument({ size: 'A4', margin: 0, autoFirstPage: false, info: { Title: 'Fengsui 烽燧 · QR' } });
  void draw(doc, labels, sheet, baseUrl).then(
    () => doc.end(),
    (error: unknown) => doc.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  return doc;
}

async function draw(doc: Doc, labels: readonly Label[], sheet: LabelSheet, baseUrl: string): Promise<void> {
  // Whoever asked has to be listening before the first byte.
  await setImmediate();
  const perPage = sheet.columns * sheet.rows;
  usePaperFont(doc);
  const measure = measureOf(doc);
  if (labels.length === 0) {
    doc.addPage();
    doc.fontSize(12).text('无标签 · no labels', 40, 40, { lineBreak: false });
  }
  for (const [index, label] of labels.entries()) {
    const place = index % perPage;
    if (place === 0) {
      await untilRead(doc);
      doc.addPage();
    }
    const rect = {
      x: sheet.leftPt + (place % sheet.columns) * sheet.widthPt,
      y: sheet.topPt + Math.floor(place / sheet.columns) * sheet.heightPt,
      width: sheet.widthPt,
      height: sheet.heightPt,
    };
    drawLabel(doc, rect, label, baseUrl, measure);
    // A label takes milliseconds: an alarm never waits for a sheet of them.
    await setImmediate();
  }
}

/** Not faster than the reader: a page that nobody takes is not followed by another. A reader that is gone ends it. */
async function untilRead(doc: Doc): Promise<void> {
  const stream = doc as unknown as Readable;
  while (stream.readableLength > stream.readableHighWaterMark * 64) {
    if (stream.destroyed) throw new Error('nobody reads the labels any more');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function measureOf(doc: Doc): Measure {
  const known = new Map<string, number>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const width = doc.fontSize(1).widthOfString(text);
    if (known.size > 50_000) known.clear();
    known.set(text, width);
    return width;
  };
}

/** Code on the left; on the right id, name, venue, place; a claim code at the foot. Each has a box of its own. */
function drawLabel(doc: Doc, rect: Rect, label: Label, baseUrl: string, measure: Measure): void {
  const inner = {
    x: rect.x + PADDING_PT,
    y: rect.y + PADDING_PT,
    width: rect.width - 2 * PADDING_PT,
    height: rect.height - 2 * PADDING_PT,
  };
  doc.lineWidth(CUT_LINE_PT).strokeColor('#c4c4c4').rect(rect.x, rect.y, rect.width, rect.height).stroke();
  const footPt = label.claimCode === undefined ? 0 : Math.min(12, inner.height * 0.16);
  const side = Math.min(inner.height - footPt, inner.width * 0.42);
  drawQr(doc, labelUrl(baseUrl, label), inner.x, inner.y, side);
  const x = inner.x + side + GAP_PT;
  const width = inner.x + inner.width - x;
  const height = inner.height - footPt;
  // Shares of the height; what an absent part leaves goes to the others.
  const parts = [
    { text: label.deviceId, share: 34, sizesPt: [12, 11, 10, 9, 8, 7, 6, 5, 4.5], colour: '#000000' },
    { text: label.name ?? '', share: 26, sizesPt: [9, 8, 7, 6, 5.5, 5, 4.5], colour: '#000000' },
    { text: label.venue, share: 22, sizesPt: [8, 7, 6, 5.5, 5, 4.5], colour: '#000000' },
    { text: label.place ?? '', share: 28, sizesPt: [7, 6, 5.5, 5, 4.5], colour: '#333333' },
  ].filter(({ text }) => text.trim() !== '');
  let shares = parts.reduce((sum, { share }) => sum + share, 0);
  let y = inner.y;
  for (const { text, share, sizesPt, colour } of parts) {
    // What the one before did not need is left for those behind it.
    const heightPt = ((inner.y + height - y) * share) / shares;
    const fitted = fitText(text, { widthPt: width, heightPt, sizesPt, lineHeight: LINE_HEIGHT }, measure);
    drawLines(doc, fitted, x, y, colour);
    y += fitted.lines.length * fitted.sizePt * LINE_HEIGHT + PART_GAP_PT;
    shares -= share;
  }
  if (label.claimCode === undefined) return;
  const foot = `${CLAIM_WORDS}${label.claimCode}`;
  const box = { widthPt: inner.width, heightPt: footPt, sizesPt: [8, 7, 6, 5], lineHeight: LINE_HEIGHT };
  drawLines(doc, fitText(foot, box, measure), inner.x, inner.y + height, '#000000');
}

function drawLines(
  doc: Doc,
  { sizePt, lines }: { readonly sizePt: number; readonly lines: readonly string[] },
  x: number,
  y: number,
  colour: string,
): void {
  doc.fontSize(sizePt).fillColor(colour);
  for (const [index, line] of lines.entries())
    doc.text(line, x, y + index * sizePt * LINE_HEIGHT, { lineBreak: false });
}
