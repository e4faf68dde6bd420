import { setImmediate as turn } from 'node:timers/promises';
import PDFDocument from 'pdfkit';
import { kindName, type Origin } from '@fengsui/alarm';
import { procedureSteps, type ContactRole } from '@fengsui/protocol';
import type { DeskPack, PackVenue } from '../desk-pack/desk-pack.ts';
import { limitOf } from '../incident/procedure-limits.ts';
import { withOffset, zoneOffsetAt } from '../platform/zone-offset.ts';
import { deskPackWords, type DeskPackWords } from './desk-pack-words.ts';
import type { Doc } from './doc.ts';
import { fitText } from './fit-text.ts';
import { usePaperFont } from './paper-font.ts';
import { LINE_HEIGHT, MARGIN, PAGE, Sheet, WIDTH } from './sheet.ts';

type Column<Item> = { readonly title: string; readonly width: number; readonly of: (item: Item) => string };

const ROW_SIZES = [8.5, 7.5, 6.5] as const;
/** Rows between which others have their turn: an alarm does not wait for a paper. */
const ROWS_AT_ONCE = 10;
const LOG_PAGES = 2;
const LOG_ROW = 30;

export type PaperOrder = { readonly language: 'zh' | 'en'; readonly timeZone: string };

/** The pack as a PDF of A4 pages. */
export async function writeDeskPack(pack: DeskPack, { language, timeZone }: PaperOrder): Promise<Buffer> {
  const words = deskPackWords[language];
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: 0, bufferPages: true },
    info: { Title: words.title, CreationDate: new Date(pack.madeAt) },
  });
  const bytes = collected(doc);
  usePaperFont(doc);
  const time = (at: number): string => localTime(at, timeZone);
  const pages = new Pages(new Sheet(doc), { words, language, time });
  pages.head(pack);
  await pages.incidents(pack);
  await pages.alarms(pack);
  await pages.blindSpots(pack);
  await pages.procedure(pack.madeAt);
  await pages.venues(pack);
  pages.log();
  foot(doc, words, time(pack.madeAt));
  doc.end();
  return bytes;
}

/** `2026-11-24 11:00`, by the clock on the wall. */
const localTime = (at: number, timeZone: string): string =>
  withOffset(at, zoneOffsetAt(timeZone, at)).slice(0, 16).replace('T', ' ');

function collected(doc: Doc): Promise<Buffer> {
  const pieces: Buffer[] = [];
  return new Promise((resolve, reject) => {
    doc.on('data', (piece: Buffer) => pieces.push(piece));
    doc.on('end', () => resolve(Buffer.concat(pieces)));
    doc.on('error', reject);
  });
}

type Style = {
  readonly words: DeskPackWords;
  readonly language: 'zh' | 'en';
  readonly time: (at: number) => string;
};

class Pages {
  readonly #sheet: Sheet;
  readonly #style: Style;

  constructor(sheet: Sheet, style: Style) {
    this.#sheet = sheet;
    this.#style = style;
  }

  head({ madeAt, madeBy, troubles }: DeskPack): void {
    const { words, time } = this.#style;
    this.#sheet.paragraph(words.title, 20, 2);
    this.#sheet.paragraph(`${time(madeAt)} · ${madeBy} · ${words.telephone}`, 10, 6, '#444444');
    this.#sheet.rule();
    this.#sheet.y += 8;
    this.#sheet.paragraph(words.use, 9.5, 8);
    if (troubles.length === 0) return this.#sheet.paragraph(words.noTroubles, 9.5, 8);
    this.#sheet.paragraph(words.troubles, 12, 3);
    for (const trouble of troubles) this.#sheet.paragraph(`! ${trouble}`, 9.5, 2);
    this.#sheet.y += 6;
  }

  async incidents({ incidents, nameOf }: DeskPack): Promise<void> {
    const { words, time } = this.#style;
    await this.#table(words.incidents, words.noIncidents, { items: incidents, count: incidents.length }, [
      { title: words.number, width: 40, of: ({ number }) => String(number) },
      {
        title: words.venue,
        width: 160,
        of: ({ place }) => `${this.#origin(place.origin)}${this.#name(nameOf(place.venueId))}`,
      },
      { title: words.since, width: 92, of: ({ openedAt }) => time(openedAt) },
      { title: words.count, width: 44, of: ({ alarmCount }) => String(alarmCount) },
      { title: words.state, width: 95, of: ({ state }) => words.incidentStates[state] },
      { title: words.owner, width: 80, of: ({ owner }) => owner ?? words.nobody },
    ]);
  }

  async alarms({ alarms, nameOf }: DeskPack): Promise<void> {
    const { words, language, time } = this.#style;
    await this.#table(words.alarms, words.noAlarms, alarms, [
      { title: 'P', width: 24, of: ({ alarm }) => alarm.priority },
      {
        title: words.what,
        width: 92,
        of: ({ alarm }) => `${this.#origin(alarm.origin)}${kindName(alarm.kind, language)}`,
      },
      { title: words.venue, width: 130, of: ({ alarm }) => this.#name(nameOf(alarm.venueId)) },
      { title: words.place, width: 101, of: ({ place }) => place },
      { title: words.since, width: 82, of: ({ alarm }) => time(Date.parse(alarm.raisedAt)) },
      { title: words.state, width: 82, of: ({ alarm }) => words.alarmStates[alarm.state] },
    ]);
  }

  async blindSpots({ blindSpots, nameOf }: DeskPack): Promise<void> {
    const { words } = this.#style;
    await this.#table(words.blind, words.noBlind, blindSpots, [
      { title: words.venue, width: 170, of: ({ venueId }) => this.#name(nameOf(venueId)) },
      { title: words.place, width: 170, of: ({ place }) => place },
      {
        title: words.why,
        width: 171,
        of: ({ reasons }) => reasons.map((reason) => words.blindReasons[reason]).join(' · '),
      },
    ]);
  }

  async procedure(at: number): Promise<void> {
    const { words } = this.#style;
    const rows = procedureSteps.map((step, index) => ({
      step: words.steps[step],
      limit: `${limitOf(step, at).limitMs / 1000} s`,
      who: words.limits[index] ?? '',
    }));
    await this.#table(words.procedure, '', { items: rows, count: rows.length }, [
      { title: words.step, width: 90, of: ({ step }) => step },
      { title: words.limit, width: 60, of: ({ limit }) => limit },
      { title: words.who, width: 361, of: ({ who }) => who },
    ]);
  }

  async venues({ venues }: DeskPack): Promise<void> {
    const { words, language } = this.#style;
    await this.#table(words.venues, '–', venues, [
      { title: words.venue, width: 128, of: (venue) => `${venue.isTroubled ? '! ' : ''}${this.#name(venue)}` },
      {
        title: words.address,
        width: 120,
        of: ({ address, addressEn }) => (language === 'en' ? (addressEn ?? address) : address) ?? '–',
      },
      { title: words.facts, width: 118, of: (venue) => this.#facts(venue) },
      {
        title: words.contacts,
        width: 145,
        of: ({ contacts }) =>
          contacts
            .map(({ name, role, phone }) => `${name}（${words.roles[role as ContactRole]}）${phone}`)
            .join('；') || '–',
      },
    ]);
  }

  /** Lines to write on. */
  log(): void {
    const { words } = this.#style;
    for (let page = 0; page < LOG_PAGES; page++) {
      this.#sheet.newPage();
      this.#sheet.paragraph(words.log, 14, 2);
      this.#sheet.paragraph(words.logNote, 9, 6, '#555555');
      const widths = [70, 110, 165, 166];
      const titles = [words.time, words.venue, words.told, words.done];
      let x = MARGIN;
      for (const [index, title] of titles.entries()) {
        this.#sheet.write(title, x + 2, (widths[index] ?? 0) - 4, 9, '#555555');
        x += widths[index] ?? 0;
      }
      this.#sheet.y += 16;
      this.#sheet.rule('#555555');
      while (this.#sheet.hasRoom(LOG_ROW)) {
        this.#sheet.y += LOG_ROW;
        this.#sheet.rule();
      }
    }
  }

  /** What is not in earnest says so. */
  #origin(origin: Origin): string {
    return origin === 'live' ? '' : `[${this.#style.words.origins[origin]}] `;
  }

  #name({ name, nameEn }: { readonly name: string; readonly nameEn?: string }): string {
    return this.#style.language === 'en' ? (nameEn ?? name) : name;
  }

  #facts({ class: venueClass, storeys, people, gas, access }: PackVenue): string {
    const { words } = this.#style;
    return [
      words.classes[venueClass],
      ...(storeys === undefined ? [] : [words.storeys(storeys)]),
      ...(people === undefined ? [] : [words.people(people)]),
      ...(gas === undefined ? [] : [words.gas[gas]]),
      ...(access === undefined ? [] : [access]),
    ].join(' · ');
  }

  async #table<Item>(
    title: string,
    none: string,
    { items, count }: { readonly items: readonly Item[]; readonly count: number },
    columns: readonly Column<Item>[],
  ): Promise<void> {
    const sheet = this.#sheet;
    sheet.need(70);
    sheet.paragraph(`${title}  ${this.#style.words.shownOf(items.length, count)}`, 12, 2);
    if (items.length === 0) return sheet.paragraph(none, 9.5, 10);
    this.#titles(columns);
    for (const [index, item] of items.entries()) {
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await turn();
      const cells = columns.map(({ width, of }) =>
        fitText(
          of(item),
          { widthPt: width - 5, heightPt: 46, sizesPt: ROW_SIZES, lineHeight: LINE_HEIGHT },
          sheet.measure,
        ),
      );
      const height = Math.max(16, ...cells.map(({ sizePt, lines }) => lines.length * sizePt * LINE_HEIGHT + 6));
      if (sheet.need(height)) this.#titles(columns);
      let x = MARGIN;
      for (const [column, { sizePt, lines }] of cells.entries()) {
        sheet.lines(lines, x + 2, sheet.y + 3, sizePt);
        x += columns[column]?.width ?? 0;
      }
      sheet.y += height;
      sheet.rule('#d5d5d5');
    }
    sheet.y += 12;
  }

  #titles<Item>(columns: readonly Column<Item>[]): void {
    let x = MARGIN;
    for (const { title, width } of columns) {
      this.#sheet.write(title, x + 2, width - 4, 8, '#555555', this.#sheet.y + 3);
      x += width;
    }
    this.#sheet.y += 16;
    this.#sheet.rule('#555555');
  }
}

function foot(doc: Doc, words: DeskPackWords, madeAt: string): void {
  const { start, count } = doc.bufferedPageRange();
  for (let page = start; page < start + count; page++) {
    doc.switchToPage(page);
    doc.fontSize(8).fillColor('#555555');
    doc.text(`Fengsui 烽燧 · ${words.title} · ${madeAt}`, MARGIN, PAGE.height - MARGIN, { lineBreak: false });
    const number = words.page(page - start + 1, count);
    doc.text(number, MARGIN + WIDTH - doc.widthOfString(number), PAGE.height - MARGIN, { lineBreak: false });
  }
}
