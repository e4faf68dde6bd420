import { unitOf } from './quantity.ts';
import { checkRecording, unreadable, type RecordedChannel, type Recording, type Unreadable } from './recording.ts';

const maxChannels = 64;
const longestWord = 128;
const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a waveform CSV: line 1 `# sampleRateHz=6400 mainsHz=50` (also `startedAt`, `triggerFrame`, `calibration`; unknown
 * keys are passed over), line 2 column names, then one frame per line. A byte order mark, CRLF and blank lines at the end are
 * allowed; an empty cell and `NaN` are missing values. The unit of a column comes from its name.
 */
export function parseWaveformCsv(text: string): { kind: 'recording'; recording: Recording } | Unreadable {
  const lines = new LineReader(text);
  const settings = readSettings(lines.next());
  if ('kind' in settings) return settings;
  const names = readNames(lines.next());
  if ('kind' in names) return names;
  const columns = names.map(() => new GrowingColumn());
  for (let line = lines.next(); line !== undefined; line = lines.next()) {
    if (line.trim() === '') {
      if (lines.isBlankFromHere()) break;
      return unreadable(`line ${lines.number}`, `blank, ${names.length} values expected`);
    }
    const cells = line.split(',');
    if (cells.length !== names.length) {
      return unreadable(
        `line ${lines.number}`,
        `${cells.length} values, ${names.length} expected (${names.join(', ')})`,
      );
    }
    for (let i = 0; i < cells.length; i += 1) {
      const cell = (cells[i] as string).trim();
      const value = readCell(cell);
      if (value === undefined) {
        return unreadable(
          `line ${lines.number}`,
          `${names[i]} is ${JSON.stringify(cell.slice(0, 40))}, a number expected`,
        );
      }
      columns[i]?.push(value);
    }
  }
  const channels = names.map((name, i): RecordedChannel => {
    return { name, unit: unitOf(name), values: columns[i]?.toArray() ?? new Float64Array(0) };
  });
  const frames = channels[0]?.values.length ?? 0;
  if (frames === 0) return unreadable('line 3', 'no frames, at least 1 expected');
  if (settings.triggerFrame !== undefined && settings.triggerFrame >= frames) {
    return unreadable('line 1', `triggerFrame is ${settings.triggerFrame}, below ${frames} expected`);
  }
  return { kind: 'recording', recording: { ...settings, channels } };
}

/** Writes a waveform CSV with LF ends; numbers in full precision, a missing value as an empty cell. @throws RangeError */
export function formatWaveformCsv(recording: Recording): string {
  checkRecording(recording);
  const { sampleRateHz, mainsHz, startedAt, triggerFrame, calibration, channels } = recording;
  const bad = channels.find(({ name }) => name === '' || /[",\r\n]|^\s|\s$/.test(name));
  if (bad)
    throw new RangeError(`channel name is ${JSON.stringify(bad.name)}, one without comma, quote and line end expected`);
  const settings = [`sampleRateHz=${sampleRateHz}`, `mainsHz=${mainsHz}`];
  if (startedAt !== undefined) settings.push(`startedAt=${startedAt}`);
  if (triggerFrame !== undefined) settings.push(`triggerFrame=${triggerFrame}`);
  if (calibration !== undefined) settings.push(`calibration=${oneWord(calibration)}`);
  const lines = [`# ${settings.join(' ')}`, channels.map((channel) => channel.name).join(',')];
  const frames = channels[0]?.values.length ?? 0;
  for (let frame = 0; frame < frames; frame += 1) {
    lines.push(channels.map(({ values }) => formatCell(values[frame] as number)).join(','));
  }
  return `${lines.join('\n')}\n`;
}

const oneWord = (text: string): string => text.replaceAll(/\s/g, '_').slice(0, longestWord);

function formatCell(value: number): string {
  // A row of one missing value would be a blank line.
  return Number.isNaN(value) ? 'NaN' : String(value);
}

/** A number, NaN for a missing value, undefined for anything else. */
function readCell(cell: string): number | undefined {
  if (cell === '' || cell === 'NaN') return NaN;
  const value = decimal.test(cell) ? Number(cell) : NaN;
  return Number.isFinite(value) ? value : undefined;
}

type Settings = Pick<Recording, 'sampleRateHz' | 'mainsHz' | 'startedAt' | 'triggerFrame' | 'calibration'>;

function readSettings(line: string | undefined): Settings | Unreadable {
  const example = '`# sampleRateHz=6400 mainsHz=50` expected';
  if (!line?.startsWith('#')) return unreadable('line 1', `${JSON.stringify((line ?? '').slice(0, 60))}, ${example}`);
  const pairs = new Map(
    line
      .slice(1)
      .trim()
      .split(/\s+/)
      .map((pair) => [pair.slice(0, Math.max(0, pair.indexOf('='))), pair.slice(pair.indexOf('=') + 1)] as const),
  );
  const numbers: Record<string, number> = {};
  for (const key of ['sampleRateHz', 'mainsHz', 'startedAt', 'triggerFrame']) {
    const text = pairs.get(key);
    const isNeeded = key.endsWith('Hz');
    if (text === undefined) {
      if (isNeeded) return unreadable('line 1', `${key} is missing, ${example}`);
      continue;
    }
    const value = readCell(text) ?? NaN;
    const isGood = isNeeded
      ? value > 0
      : key === 'triggerFrame'
        ? Number.isSafeInteger(value) && value >= 0
        : !Number.isNaN(value);
    if (!isGood) return unreadable('line 1', `${key} is ${JSON.stringify(text.slice(0, 40))}, ${example}`);
    numbers[key] = value;
  }
  const { sampleRateHz = NaN, mainsHz = NaN, startedAt, triggerFrame } = numbers;
  const calibration = pairs.get('calibration');
  return {
    sampleRateHz,
    mainsHz,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(triggerFrame === undefined ? {} : { triggerFrame }),
    ...(calibration === undefined || calibration === '' ? {} : { calibration: calibration.slice(0, longestWord) }),
  };
}

function readNames(line: string | undefined): string[] | Unreadable {
  const names = (line ?? '').split(',').map((name) => name.trim());
  if (names.length > maxChannels)
    return unreadable('line 2', `${names.length} columns, at most ${maxChannels} expected`);
  const unnamed = names.findIndex((name) => name === '' || decimal.test(name));
  if (unnamed >= 0) {
    return unreadable(
      'line 2',
      `column ${unnamed + 1} is ${JSON.stringify(names[unnamed])}, a name such as currentA expected`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  return twice === undefined ? names : unreadable('line 2', `column ${JSON.stringify(twice)} stands twice`);
}

/** Lines one by one, without a second copy of the text. */
class LineReader {
  number = 0;
  private readonly text: string;
  private offset: number;

  constructor(text: string) {
    this.text = text;
    this.offset = text.startsWith('\uFEFF') ? 1 : 0;
  }

  next(): string | undefined {
    if (this.offset >= this.text.length) return undefined;
    const end = this.text.indexOf('\n', this.offset);
    const line = this.text.slice(this.offset, end < 0 ? this.text.length : end);
    this.offset = end < 0 ? this.text.length : end + 1;
    this.number += 1;
    return line.endsWith('\r') ? line.slice(0, -1) : line;
  }

  isBlankFromHere(): boolean {
    for (let i = this.offset; i < this.text.length; i += 1) {
      const code = this.text.charCodeAt(i);
      if (code !== 0x20 && code !== 0x09 && code !== 0x0d && code !== 0x0a) return false;
    }
    return true;
  }
}

class GrowingColumn {
  private values = new Float64Array(4096);
  private length = 0;

  push(value: number): void {
    if (this.length === this.values.length) {
      const larger = new Float64Array(this.values.length * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.length] = value;
    this.length += 1;
  }

  toArray(): Float64Array {
    return this.values.slice(0, this.length);
  }
}
