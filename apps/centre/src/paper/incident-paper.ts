import PDFDocument from 'pdfkit';
import { kindName } from '@fengsui/alarm';
import type { CallOut, CallSheet, Incident, IncidentStep, ProcedureStep } from '@fengsui/protocol';
import { withOffset, zoneOffsetAt } from '../platform/zone-offset.ts';
import type { Doc } from './doc.ts';
import { incidentPaperWords, type IncidentPaperWords } from './incident-paper-words.ts';
import { usePaperFont } from './paper-font.ts';
import { MARGIN, PAGE, Sheet, WIDTH } from './sheet.ts';

export type IncidentPaper = {
  readonly incident: Incident;
  readonly facts: CallSheet;
  readonly steps: readonly IncidentStep[];
  readonly callOuts: readonly CallOut[];
};

export type IncidentPaperOrder = {
  readonly language: 'zh' | 'en';
  readonly timeZone: string;
  /** Epoch ms. */
  readonly madeAt: number;
};

const SIZE = 9;
const TIME_WIDTH = 120;

/** What happened, to be read by people: A4 pages. */
export async function writeIncidentPaper(paper: IncidentPaper, order: IncidentPaperOrder): Promise<Buffer> {
  const { language, timeZone, madeAt } = order;
  const words = incidentPaperWords[language];
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: 0, bufferPages: true },
    info: { Title: `${words.title} ${paper.incident.number}`, CreationDate: new Date(madeAt) },
  });
  const bytes = collected(doc);
  usePaperFont(doc);
  const time = (at: string): string =>
    withOffset(Date.parse(at), zoneOffsetAt(timeZone, Date.parse(at)))
      .slice(0, 19)
      .replace('T', ' ');
  const sheet = new Sheet(doc);
  head(sheet, paper, words, time);
  section(sheet, words.alarms);
  for (const { kind, deviceId, raisedAt } of paper.incident.alarms)
    row(sheet, time(raisedAt), `${kindName(kind, language)} · ${deviceId}`);
  section(sheet, words.timeline);
  for (const step of paper.steps) row(sheet, time(step.at), stepWords(step, words, language));
  section(sheet, words.calls);
  for (const callOut of paper.callOuts) callRows(sheet, callOut, words, time);
  foot(doc, `${words.title} ${paper.incident.number} · ${time(new Date(madeAt).toISOString())}`);
  doc.end();
  return bytes;
}

type Time = (at: string) => string;

function head(sheet: Sheet, { incident, facts }: IncidentPaper, words: IncidentPaperWords, time: Time): void {
  const { number, origin, state, openedAt, openedBy, openedNote, happenedAt, verdict, cause, closedAt, closedBy } =
    incident;
  const { venue } = facts;
  sheet.paragraph(`${words.title} ${number}`, 20, 2);
  // Nobody may take a drill for a fire, also on paper.
  if (origin !== 'live') sheet.paragraph(words.origin[origin], 14, 4, '#6a1b9a');
  sheet.paragraph([venue.name, venue.address].filter((word) => word !== undefined).join(' · '), 11, 4);
  sheet.rule();
  sheet.y += 6;
  row(sheet, words.opened, [time(openedAt), openedBy, openedNote].filter((word) => word !== undefined).join(' · '));
  if (happenedAt !== undefined) row(sheet, words.happened, time(happenedAt));
  if (verdict !== undefined)
    row(sheet, words.verdictTitle, `${words.verdict[verdict.word]} · ${verdict.by} · ${time(verdict.at)}`);
  row(sheet, words.stateTitle, words.state[state]);
  if (cause !== undefined)
    row(
      sheet,
      words.cause,
      [words.code[cause], closedBy, closedAt === undefined ? undefined : time(closedAt)]
        .filter((word) => word !== undefined)
        .join(' · '),
    );
  for (const { step, limitMs, from, doneAt } of incident.procedure)
    if (from !== undefined && doneAt !== undefined)
      row(sheet, words.step[step], words.took((Date.parse(doneAt) - Date.parse(from)) / 1000, limitMs / 1000));
}

/** What of a line is read by people; ids are in timeline.json. */
const SHOWN: ReadonlySet<string> = new Set([
  ...[
    'whom',
    'answeredBy',
    'to',
    'kind',
    'outcome',
    'verdict',
    'means',
    'messageKind',
    'receipt',
    'reason',
    'heldBack',
  ],
  ...['cause', 'name', 'step', 'happenedAt'],
]);

function stepWords(
  { kind, by, note, detail = {} }: IncidentStep,
  words: IncidentPaperWords,
  language: 'zh' | 'en',
): string {
  const shown = Object.entries(detail).filter(([name, value]) => SHOWN.has(name) && typeof value === 'string');
  const said = shown.map(([name, value]) => {
    const text = String(value);
    if (name === 'kind') return kindName(text, language);
    return (name === 'step' ? words.step[text as ProcedureStep] : words.code[text]) ?? text;
  });
  return [words.line[kind], ...said, note, by].filter((word) => word !== undefined && word !== '').join(' · ');
}

function callRows(
  sheet: Sheet,
  { people, calls, heldBack, openedAt }: CallOut,
  words: IncidentPaperWords,
  time: Time,
): void {
  if (heldBack !== undefined) row(sheet, time(openedAt), words.heldBack[heldBack]);
  for (const { madeAt, contactId, channel, state, answer, answeredAt, reason } of calls) {
    const name = people.find((person) => person.contactId === contactId)?.name ?? contactId;
    const answered =
      answer === undefined ? undefined : `${words.answer[answer]} ${answeredAt === undefined ? '' : time(answeredAt)}`;
    row(
      sheet,
      time(madeAt),
      [name, words.code[channel], answered ?? words.code[state], reason]
        .filter((word) => word !== undefined)
        .join(' · '),
    );
  }
}

function section(sheet: Sheet, title: string): void {
  sheet.y += 8;
  sheet.need(40);
  sheet.paragraph(title, 12, 2);
  sheet.rule();
  sheet.y += 4;
}

function row(sheet: Sheet, left: string, right: string): void {
  sheet.need(SIZE * 3);
  const height = Math.max(
    sheet.write(left, MARGIN, TIME_WIDTH, SIZE, '#444444'),
    sheet.write(right, MARGIN + TIME_WIDTH + 8, WIDTH - TIME_WIDTH - 8, SIZE),
  );
  sheet.y += height + 3;
}

function foot(doc: Doc, words: string): void {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    doc.switchToPage(page);
    doc.fontSize(8).fillColor('#666666');
    doc.text(`${words} · ${page + 1}/${count}`, MARGIN, PAGE.height - MARGIN, { lineBreak: false });
  }
}

function collected(doc: Doc): Promise<Buffer> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (piece: Buffer) => pieces.push(piece));
    doc.on('end', () => resolve(Buffer.concat(pieces)));
    doc.on('error', reject);
  });
}
