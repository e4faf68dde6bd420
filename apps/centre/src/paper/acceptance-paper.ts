import type { Readable } from 'node:stream';
import PDFDocument from 'pdfkit';
import type { AcceptanceContent } from '../commissioning/acceptance-content.ts';
import type { KeptAcceptance, KeptSignature } from '../commissioning/kept-test.ts';
import { acceptanceWords, type AcceptanceWords } from './acceptance-words.ts';
import type { Doc } from './doc.ts';
import { fitText } from './fit-text.ts';
import { usePaperFont } from './paper-font.ts';
import { LINE_HEIGHT, MARGIN, PAGE, Sheet, WIDTH } from './sheet.ts';

type Point = AcceptanceContent['points'][number];
type Column = { readonly title: string; readonly width: number; readonly of: (point: Point, index: number) => string };

const ROW_SIZES = [8, 7, 6, 5.5] as const;
const ROW_MIN = 18;

/**
 * A version of an acceptance on paper, from what is stored alone: the same content, signatures and language give the
 * same bytes, so that anybody can print it again and compare.
 */
export function writeAcceptance(acceptance: KeptAcceptance, language: 'zh' | 'en'): Readable {
  const content = acceptance.content as AcceptanceContent;
  const words = acceptanceWords[language];
  const doc = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    info: {
      Title: `${words.title} ${content.venue.id} ${acceptance.testId} v${acceptance.version}`,
      // Not the moment of printing: the paper of a version is one paper.
      CreationDate: new Date(acceptance.madeAt),
    },
  });
  usePaperFont(doc);
  const paper = new Sheet(doc);
  head(paper, acceptance, content, words, language);
  remaining(paper, content, words);
  table(paper, content.points, words, language);
  signatures(paper, acceptance, words);
  foot(doc, acceptance, words);
  doc.end();
  return doc;
}

function head(
  paper: Sheet,
  { version, madeAt, madeBy, isPassed }: KeptAcceptance,
  { venue, test, counts }: AcceptanceContent,
  words: AcceptanceWords,
  language: 'zh' | 'en',
): void {
  paper.paragraph(words.title, 20, 2);
  paper.paragraph(`${words.version} ${version} · ${words.time(madeAt)} · ${madeBy}`, 9, 8, '#444444');
  paper.rule();
  paper.y += 8;
  const name = language === 'en' ? (venue.nameEn ?? venue.name) : venue.name;
  const address = language === 'en' ? (venue.addressEn ?? venue.address) : venue.address;
  const ended = `${words.time(test.endedAt)} · ${test.endedBy ?? words.byItself}`;
  const rows: readonly (readonly [string, string])[] = [
    [words.venue, `${name}（${venue.id}）`],
    [words.organisation, venue.organisation],
    [words.venueClass, words.classes[venue.class]],
    [words.address, address ?? '–'],
    [words.wave, venue.wave ?? '–'],
    [words.test, `${test.id} · ${test.reason}`],
    [words.started, `${words.time(test.startedAt)} · ${test.startedBy}`],
    [words.ended, ended],
  ];
  for (const [label, text] of rows) {
    paper.need(16);
    paper.write(label, MARGIN, 104, 9.5, '#555555');
    paper.y += Math.max(14, paper.write(text, MARGIN + 110, WIDTH - 110, 9.5)) + 2;
  }
  paper.y += 6;
  paper.paragraph(words.result(isPassed), 14, 2);
  paper.paragraph(words.counts(counts), 10, 10);
}

/** What did not arrive, or did not do: before the table, where nobody can overlook it. */
function remaining(paper: Sheet, { points }: AcceptanceContent, words: AcceptanceWords): void {
  const left = points.filter(({ result }) => result?.outcome !== 'passed');
  if (left.length === 0) return;
  paper.paragraph(words.remaining(left.length), 12, 4);
  for (const { deviceId, point, area, result } of left) {
    const why = result === undefined ? words.notTriggered : `${words.failed}: ${result.reason ?? ''}`;
    paper.paragraph(`· ${[deviceId, point, area].filter(Boolean).join(' · ')} — ${why}`, 9, 2);
  }
  paper.y += 8;
}

function columnsOf(words: AcceptanceWords, language: 'zh' | 'en'): readonly Column[] {
  return [
    { title: words.number, width: 26, of: (_, index) => String(index + 1) },
    {
      title: words.device,
      width: 96,
      of: ({ deviceId, point }) => (point === '' ? deviceId : `${deviceId} / ${point}`),
    },
    {
      title: words.place,
      width: 98,
      of: ({ name, nameEn, area }) =>
        [language === 'en' ? (nameEn ?? name) : name, area].filter((part) => part !== undefined).join(' · ') || '–',
    },
    { title: words.expected, width: 74, of: ({ expects, result }) => words.expects(expects, result?.kind) },
    { title: words.outcome, width: 84, of: ({ result }) => words.outcomeOf(result) },
    {
      title: words.at,
      width: 86,
      of: ({ result }) => (result === undefined ? '–' : words.time(result.at).slice(0, 19)),
    },
    { title: words.screen, width: 47, of: ({ result }) => words.screenTime(result) },
  ];
}

function table(paper: Sheet, points: readonly Point[], words: AcceptanceWords, language: 'zh' | 'en'): void {
  const columns = columnsOf(words, language);
  const header = (): void => {
    let x = MARGIN;
    for (const { title, width } of columns) {
      paper.write(title, x + 2, width - 4, 8, '#555555', paper.y + 4);
      x += width;
    }
    paper.y += 26;
    paper.rule('#555555');
  };
  paper.need(60);
  paper.paragraph(words.points, 12, 2);
  header();
  for (const [index, point] of points.entries()) {
    const cells = columns.map(({ width, of }) => {
      const box = { widthPt: width - 5, heightPt: 42, sizesPt: ROW_SIZES, lineHeight: LINE_HEIGHT };
      return fitText(of(point, index), box, paper.measure);
    });
    const height = Math.max(ROW_MIN, ...cells.map(({ sizePt, lines }) => lines.length * sizePt * LINE_HEIGHT + 6));
    if (paper.need(height)) header();
    let x = MARGIN;
    for (const [column, { sizePt, lines }] of cells.entries()) {
      paper.doc.fontSize(sizePt).fillColor('#000000');
      for (const [line, text] of lines.entries())
        paper.doc.text(text, x + 2, paper.y + 3 + line * sizePt * LINE_HEIGHT, { lineBreak: false });
      x += columns[column]?.width ?? 0;
    }
    paper.y += height;
    paper.rule('#d5d5d5');
  }
  paper.y += 6;
  paper.paragraph(words.screenNote, 8, 10, '#555555');
}

/** Two boxes side by side, on one page with the hash that both have confirmed. */
function signatures(paper: Sheet, acceptance: KeptAcceptance, words: AcceptanceWords): void {
  paper.need(178);
  paper.paragraph(words.signatures, 12, 6);
  const width = (WIDTH - 14) / 2;
  const top = paper.y;
  for (const [index, capacity] of (['handOver', 'takeOver'] as const).entries()) {
    const signature = acceptance.signatures.find((candidate) => candidate.capacity === capacity);
    signatureBox(paper, { x: MARGIN + index * (width + 14), top, width }, words.capacities[capacity], signature, words);
  }
  paper.y = top + 116;
  paper.paragraph(`SHA-256  ${acceptance.sha256}`, 8, 2);
  paper.paragraph(words.hashNote, 8, 0, '#555555');
}

function signatureBox(
  paper: Sheet,
  { x, top, width }: { readonly x: number; readonly top: number; readonly width: number },
  title: string,
  signature: KeptSignature | undefined,
  words: AcceptanceWords,
): void {
  paper.doc.lineWidth(0.5).strokeColor('#999999').rect(x, top, width, 106).stroke();
  paper.write(title, x + 8, width - 16, 10, '#000000', top + 7);
  const said =
    signature === undefined
      ? words.notSigned
      : `${signature.name}（${signature.by}） ${words.time(signature.at)} ${words.confirmed}`;
  paper.write(said, x + 8, width - 16, 8.5, signature === undefined ? '#777777' : '#000000', top + 25);
  for (const [line, label] of [words.ink, words.date].entries()) {
    const y = top + 72 + line * 22;
    paper.write(label, x + 8, 60, 8.5, '#555555', y - 8);
    paper.doc
      .moveTo(x + 66, y + 3)
      .lineTo(x + width - 8, y + 3)
      .stroke();
  }
}

function foot(doc: Doc, { sha256 }: KeptAcceptance, words: AcceptanceWords): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    doc.fontSize(8).fillColor('#555555');
    doc.text(`Fengsui 烽燧 · ${sha256.slice(0, 16)}`, MARGIN, PAGE.height - MARGIN, { lineBreak: false });
    const number = words.page(page - start + 1, count);
    doc.text(number, MARGIN + WIDTH - doc.widthOfString(number), PAGE.height - MARGIN, { lineBreak: false });
  }
}
