import { unreadable, type Recording, type Unreadable } from '../recording/recording.ts';
import { encodeUtf8 } from '../wire/utf8.ts';
import { decodeLatin1 } from './foreign-text.ts';
import { formatComtrade, type ComtradeOptions } from './format-comtrade.ts';
import { parseComtrade, type ComtradeFile } from './parse-comtrade.ts';

/** The line in front of a section: `--- file type: DAT BINARY: 702 ---` (C37.111-2013 clause 9). */
const separator = /^-{3,} *file type: *([a-z]+)(?: +([a-z0-9]+))?(?: *: *(\d+))? *-{3,}\s*$/i;
/** A separator is shorter than this; what is searched for line ends is at most this long. */
const longestLine = 200;

type Sections = { readonly cfg: Uint8Array; readonly dat: Uint8Array; readonly calibration?: string };
/** A line of the remarks, as `formatCff` writes it. */
const calibrationLine = /^calibration=(\S{1,128})\s*$/;

/**
 * Reads a combined file of C37.111-2013 (`.cff`): header and samples in one, data type ASCII, BINARY, BINARY32 or FLOAT32.
 * Of its remarks (HDR) the line `calibration=` is read; the rest and its information (INF) are passed over.
 */
export function parseCff(
  bytes: Uint8Array,
  options: { readonly utcOffsetMinutes?: number } = {},
): ComtradeFile | Unreadable {
  const sections = sectionsOf(bytes);
  if ('kind' in sections) return sections;
  const file = parseComtrade(sections.cfg, sections.dat, options);
  const { calibration } = sections;
  if (calibration === undefined || file.kind === 'unreadable') return file;
  const [first, ...others] = file.recordings;
  return { ...file, recordings: [{ ...first, calibration }, ...others.map((other) => ({ ...other, calibration }))] };
}

/** Writes a combined file of C37.111-2013; what {@link formatComtrade} says of values, times and errors holds here. */
export function formatCff(recording: Recording, options: ComtradeOptions): Uint8Array<ArrayBuffer> {
  const { cfg, dat } = formatComtrade(recording, options, 2013);
  const { calibration } = recording;
  const remark = calibration === undefined ? '' : `calibration=${calibration.replaceAll(/\s/g, '_')}\r\n`;
  const type = options.format === 'ASCII' ? 'ASCII' : `${options.format}: ${dat.length}`;
  const head = encodeUtf8(
    `--- file type: CFG ---\r\n${cfg}--- file type: INF ---\r\n--- file type: HDR ---\r\n${remark}--- file type: DAT ${type} ---\r\n`,
  );
  const file = new Uint8Array(head.length + dat.length);
  file.set(head);
  file.set(dat, head.length);
  return file;
}

function sectionsOf(bytes: Uint8Array): Sections | Unreadable {
  let cfg: Uint8Array | undefined;
  let calibration: string | undefined;
  let open: { readonly name: string; readonly from: number } | undefined;
  for (let lineStart = 0; lineStart < bytes.length;) {
    const lineEnd = endOfLine(bytes, lineStart);
    const line = decodeLatin1(bytes.subarray(lineStart, Math.min(lineEnd, lineStart + longestLine)));
    const [found, name = '', , announced] = separator.exec(line.replace(/^\u00ef\u00bb\u00bf/, '')) ?? [];
    if (found === undefined) {
      if (open === undefined && line.trim() !== '') {
        return unreadable('CFF byte 0', `${JSON.stringify(line.slice(0, 60))}, --- file type: CFG --- expected`);
      }
      if (open?.name === 'HDR') calibration ??= calibrationLine.exec(line)?.[1];
      lineStart = lineEnd;
      continue;
    }
    if (open?.name === 'CFG') cfg = bytes.subarray(open.from, lineStart);
    open = { name: name.toUpperCase(), from: lineEnd };
    if (open.name === 'DAT') {
      if (cfg === undefined) return unreadable(`CFF byte ${lineStart}`, 'DAT before any CFG section');
      const length = announced === undefined ? bytes.length - lineEnd : Number(announced);
      if (length > bytes.length - lineEnd) {
        return unreadable(`CFF byte ${lineEnd}`, `${bytes.length - lineEnd} bytes of DAT, ${length} announced`);
      }
      const dat = bytes.subarray(lineEnd, lineEnd + length);
      return { cfg, dat, ...(calibration !== undefined && { calibration }) };
    }
    lineStart = lineEnd;
  }
  return unreadable(
    `CFF byte ${bytes.length}`,
    `file ends without a ${cfg === undefined ? 'CFG and a ' : ''}DAT section`,
  );
}

/** Where the next line begins. */
function endOfLine(bytes: Uint8Array, from: number): number {
  const lineFeed = bytes.indexOf(10, from);
  return lineFeed < 0 ? bytes.length : lineFeed + 1;
}
