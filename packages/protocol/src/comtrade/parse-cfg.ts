import { unreadable, type Unreadable } from '../recording/recording.ts';
import { dataFormats, type CfgAnalog, type CfgDigital, type CfgSegment, type ComtradeCfg } from './cfg.ts';
import { parseCfgInstant, parseTimeCode, type CfgInstant } from './cfg-instant.ts';
import { CfgLines } from './cfg-lines.ts';

const maxAnalogs = 256;
const maxDigitals = 4096;

/**
 * Reads a configuration file: C37.111-1999 clause 5, also the 1991 form (no year, 10 fields per analog channel, 3 per
 * digital one, month before day, no multiplier) and the two lines that 2013 added.
 *
 * @param utcOffsetMinutes what the recorder's clock was ahead of UTC, unless a 2013 file says it itself.
 */
export function parseCfg(text: string, utcOffsetMinutes: number): { kind: 'cfg'; cfg: ComtradeCfg } | Unreadable {
  const lines = new CfgLines(text);
  const warnings: string[] = [];
  const [station = '', deviceId = '', year = ''] = lines.fields('station_name,rec_dev_id,rev_year', 1);
  const revision = revisionOf(year, warnings);
  const counts = readCounts(lines);
  const analogs = Array.from({ length: counts.analogs }, () => readAnalog(lines));
  const digitals = Array.from({ length: counts.digitals }, () => readDigital(lines));
  const [mainsHz = NaN] = lines.numbers('line frequency', 1, (value) => value > 0);
  const { segments, lastSample } = readSegments(lines);
  const startLine = lines.take('date and time of the first sample');
  const triggerLine = lines.take('date and time of the trigger');
  const [format = ''] = lines.fields('file type', 1);
  const timeMultiplier = lines.hasMore() ? (lines.numbers('time multiplier', 1, (value) => value > 0)[0] ?? 1) : 1;
  const timeCode = lines.hasMore()
    ? parseTimeCode(lines.take('time_code,local_code').text.split(',')[0] ?? '')
    : undefined;
  if (lines.problem) return lines.problem;

  const offsetMs = (revision === 2013 ? timeCode : undefined) ?? utcOffsetMinutes * 60_000;
  const startedAt = readInstant(startLine, revision === 1991, offsetMs);
  if (startedAt && 'kind' in startedAt) return startedAt;
  const triggerAt = readInstant(triggerLine, revision === 1991, offsetMs);
  if (triggerAt && 'kind' in triggerAt) return triggerAt;
  const dataFormat = dataFormats.find((known) => known === format.toUpperCase());
  if (dataFormat === undefined) {
    return unreadable(
      `CFG line ${triggerLine.number + 1}`,
      `file type is ${JSON.stringify(format)}, one of ${dataFormats.join(', ')} expected`,
    );
  }
  const cfg = {
    station,
    deviceId,
    revision,
    analogs,
    digitals,
    mainsHz,
    segments,
    lastSample,
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(triggerAt === undefined ? {} : { triggerAt }),
    dataFormat,
    timeMultiplier,
    warnings,
  } as const;
  return { kind: 'cfg', cfg };
}

function revisionOf(year: string, warnings: string[]): ComtradeCfg['revision'] {
  if (year === '' || year === '1991') return 1991;
  if (year === '1999') return 1999;
  if (year === '2013') return 2013;
  warnings.push(`CFG line 1: revision is ${JSON.stringify(year.slice(0, 20))}, read as 1999`);
  return 1999;
}

function readCounts(lines: CfgLines): { analogs: number; digitals: number } {
  const fields = lines.fields('TT,##A,##D', 3);
  const place = `CFG line ${lines.number}`;
  const [total = NaN, analogs = NaN, digitals = NaN] = fields.map((field) =>
    /^\d{1,6}[AD]?$/i.test(field) ? Number.parseInt(field, 10) : NaN,
  );
  if (
    !lines.problem &&
    (total !== analogs + digitals || analogs < 1 || analogs > maxAnalogs || digitals > maxDigitals)
  ) {
    const expectation = `total, 1…${maxAnalogs} analog and 0…${maxDigitals} digital channels expected`;
    lines.fail(unreadable(place, `channel counts are ${JSON.stringify(fields.join(','))}, ${expectation}`));
  }
  return lines.problem ? { analogs: 0, digitals: 0 } : { analogs, digitals };
}

function readAnalog(lines: CfgLines): CfgAnalog {
  const fields = lines.fields('An,ch_id,ph,ccbm,uu,a,b,skew,min,max[,primary,secondary,PS]', 10);
  const [
    ,
    id = '',
    phase = '',
    component = '',
    unit = '',
    a = '',
    b = '',
    skew = '',
    ,
    max = '',
    primary = '',
    secondary = '',
    ps = '',
  ] = fields;
  const side = ps.toUpperCase();
  return {
    id,
    phase,
    component,
    unit,
    a: lines.decimal('a', a),
    b: lines.decimal('b', b || '0'),
    skewUs: lines.decimal('skew', skew || '0'),
    max: lines.decimal('max', max || '99999'),
    primary: lines.decimal('primary', primary || '1'),
    secondary: lines.decimal('secondary', secondary || '1'),
    side: side === 'P' ? 'primary' : side === 'S' ? 'secondary' : 'unknown',
  };
}

function readDigital(lines: CfgLines): CfgDigital {
  const fields = lines.fields('Dn,ch_id[,ph,ccbm],y', 3);
  const isLong = fields.length >= 5;
  const normal = fields[isLong ? 4 : 2];
  return {
    id: fields[1] ?? '',
    phase: isLong ? (fields[2] ?? '') : '',
    component: isLong ? (fields[3] ?? '') : '',
    normalState: normal === '1' ? 1 : 0,
  };
}

function readSegments(lines: CfgLines): { segments: CfgSegment[]; lastSample: number } {
  const [count = 0] = lines.numbers(
    'number of sample rates',
    1,
    (value) => Number.isInteger(value) && value >= 0 && value < 1000,
  );
  const segments: CfgSegment[] = [];
  let lastSample = 0;
  for (let i = 0; i < Math.max(1, count) && !lines.problem; i += 1) {
    const [rate = NaN, end = NaN] = lines.numbers('samp,endsamp', 2, (value) => value >= 0);
    if (!Number.isInteger(end) || end <= lastSample || (count > 0 && rate === 0)) {
      lines.fail(
        unreadable(
          `CFG line ${lines.number}`,
          `sample rate ${rate} to sample ${end}, a rate above 0 and a sample after ${lastSample} expected`,
        ),
      );
      break;
    }
    lastSample = end;
    if (count > 0) segments.push({ sampleRateHz: rate, lastSample });
  }
  return { segments, lastSample };
}

function readInstant(
  line: { readonly text: string; readonly number: number },
  isMonthFirst: boolean,
  utcOffsetMs: number,
): CfgInstant | Unreadable | undefined {
  const instant = parseCfgInstant(line.text, isMonthFirst, utcOffsetMs);
  if (instant === 'unknown') return undefined;
  const expected = `${isMonthFirst ? 'mm/dd/yy' : 'dd/mm/yyyy'},hh:mm:ss.ssssss expected`;
  return instant ?? unreadable(`CFG line ${line.number}`, `${JSON.stringify(line.text.slice(0, 60))}, ${expected}`);
}
