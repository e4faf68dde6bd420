import { open, readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import type { Batch, BatchDevice, BatchReport, CalibrationRecord } from '@fengsui/protocol';
import { UsageError, type Command } from '../command.ts';

const TIMEOUT_MS = 120_000;
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
const MOST_ITEMS = 1_000;

export const factoryCommand: Command = {
  usage: [
    'fengsui factory import B-2026-11.xlsx --preview',
    'fengsui factory import B-2026-11.json',
    'fengsui factory batch',
    'fengsui factory batch B-2026-11 --json',
    'fengsui factory labels B-2026-11 --out labels.pdf --url https://192.168.10.20:8119',
    'fengsui factory labels B-2026-11 --out printer.csv --url https://192.168.10.20:8119',
    'fengsui factory calibrate D1 d1-calibration.json',
    'fengsui factory install D1 --venue V1 --area "2F 配电箱"',
    '',
    'What came off the line: tests, calibrations, labels with claim codes, and its way to a venue: docs/guides/factory.md.',
    'import takes a workbook, a folder of CSV files (batch.csv devices.csv tests.csv calibration.csv) or the JSON of a',
    'tester; with a single problem nothing is written, and the exit code is 1. labels makes new claim codes, which stand',
    'in that file and nowhere else; the codes of before end.',
    'Options: --centre URL (http://127.0.0.1:8119)  --token-file F, or FENGSUI_TOKEN: role factory imports, technician and',
    '         systemAdmin read, calibrate and install, systemAdmin prints  --json  --grid 3x8  --size 70x37  --language zh|en',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        centre: { type: 'string', default: 'http://127.0.0.1:8119' },
        'token-file': { type: 'string' },
        preview: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        out: { type: 'string' },
        url: { type: 'string' },
        grid: { type: 'string' },
        size: { type: 'string' },
        language: { type: 'string' },
        venue: { type: 'string' },
        area: { type: 'string' },
      },
    });
    const call: Call = { ...values, positionals, centre: await centreOf(values.centre, values['token-file']) };
    switch (action) {
      case 'import':
        return importBatch(call);
      case 'batch':
        return showBatch(call);
      case 'labels':
        return printLabels(call);
      case 'calibrate':
        return calibrate(call);
      case 'install':
        return install(call);
      default:
        throw new UsageError(`factory ${action ?? ''}: expected import, batch, labels, calibrate or install`);
    }
  },
};

type Centre = (method: string, path: string, body?: string | Uint8Array, type?: string) => Promise<Response>;
type Call = {
  readonly positionals: readonly string[];
  readonly centre: Centre;
  readonly preview: boolean;
  readonly json: boolean;
  readonly out?: string | undefined;
  readonly url?: string | undefined;
  readonly grid?: string | undefined;
  readonly size?: string | undefined;
  readonly language?: string | undefined;
  readonly venue?: string | undefined;
  readonly area?: string | undefined;
};

async function centreOf(address: string, tokenFile: string | undefined): Promise<Centre> {
  const token = tokenFile === undefined ? process.env['FENGSUI_TOKEN'] : (await readFile(tokenFile, 'utf8')).trim();
  if (token === undefined || token === '') throw new UsageError('--token-file or FENGSUI_TOKEN is needed');
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
    throw new UsageError(`--centre ${address}: expected http://host:port or https://host:port`);
  return (method, address_, body, type = 'application/json') =>
    fetch(new URL(`/api/v1${address_}`, address), {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
      ...(body !== undefined && { body: typeof body === 'string' ? body : new Uint8Array(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
}

/** @throws Error with the centre's own words when it refuses. */
async function answer<Body>(asked: Promise<Response>): Promise<Body> {
  const response = await asked;
  const body = (await response.json()) as Body & { readonly code?: string; readonly detail?: string };
  if (!response.ok) throw new Error(`${body.code ?? response.status}: ${body.detail ?? response.statusText}`);
  return body;
}

const only = ({ positionals }: Call, what: string): string => {
  const [first, ...more] = positionals;
  if (first === undefined || more.length > 0) throw new UsageError(`one ${what} is needed`);
  return first;
};

async function importBatch(call: Call): Promise<number> {
  const file = only(call, 'FILE or FOLDER');
  const [body, type] = await bodyOf(file);
  const response = await call.centre('POST', `/factory/batches${call.preview ? '?preview=true' : ''}`, body, type);
  // 422 is an answer too: the report, with everything that is wrong.
  const said = (await response.json()) as BatchReport & { readonly code?: string; readonly detail?: string };
  if (said.problems === undefined) throw new Error(`${said.code ?? response.status}: ${said.detail ?? ''}`);
  if (call.json) console.log(JSON.stringify(said));
  else printReport(said, call.preview);
  return said.problemCount === 0 ? 0 : 1;
}

async function bodyOf(file: string): Promise<readonly [string | Uint8Array, string]> {
  if ((await stat(file)).isDirectory()) {
    const names = (await readdir(file)).filter((name) => /[.](csv|tsv)$/i.test(name));
    const texts = await Promise.all(
      names.map(async (name) => [name, await readFile(path.join(file, name), 'utf8')] as const),
    );
    if (texts.length === 0) throw new Error(`${file} holds no CSV file`);
    return [JSON.stringify(Object.fromEntries(texts)), 'application/json'];
  }
  const bytes = await readFile(file);
  return /[.]json$/i.test(file) ? [bytes.toString('utf8'), 'application/json'] : [bytes, XLSX];
}

function printReport(report: BatchReport, isPreview: boolean): void {
  const { batchId = '–', rows, added, retested, unchanged, passed, failed, calibrations } = report;
  console.log(
    `batch ${batchId}: ${rows} devices, ${added} new, ${retested} tested again, ${unchanged} unchanged; ` +
      `${passed} passed, ${failed} failed, ${calibrations} calibrations`,
  );
  for (const { sheet, row, column, message, fix } of report.problems)
    console.log(
      `${[sheet, row === undefined ? '' : `row ${row}`, column ?? ''].filter(Boolean).join(', ')}: ${message}. Fix: ${fix}`,
    );
  const hidden = report.problemCount - report.problems.length;
  if (hidden > 0) console.log(`and ${hidden} problems more`);
  if (report.problemCount > 0) console.error(`${report.problemCount} problems: nothing was written`);
  else console.error(isPreview ? 'no problems; nothing was written, this was the preview' : 'recorded');
}

async function showBatch(call: Call): Promise<number> {
  const [id] = call.positionals;
  if (id === undefined) {
    const { items } = await answer<{ items: Batch[] }>(call.centre('GET', `/factory/batches?limit=${MOST_ITEMS}`));
    if (call.json) console.log(JSON.stringify(items));
    else for (const batch of items) console.log(batchLine(batch));
    return 0;
  }
  const own = `/factory/batches/${encodeURIComponent(id)}`;
  const batch = await answer<Batch>(call.centre('GET', own));
  const devices: BatchDevice[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined;) {
    const more = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
    const page: { items: BatchDevice[]; nextCursor?: string } = await answer(
      call.centre('GET', `${own}/devices?limit=${MOST_ITEMS}${more}`),
    );
    devices.push(...page.items);
    cursor = page.nextCursor;
  }
  if (call.json) console.log(JSON.stringify({ ...batch, devices }));
  else {
    console.log(batchLine(batch));
    for (const { serial, deviceId, result, life, calibrationVersion, calibrationInUse, overdue } of devices)
      console.log(
        [
          serial === deviceId ? serial : `${serial} (${deviceId})`,
          `${result}, ${life}`,
          calibrationVersion === undefined ? 'not calibrated' : `calibration ${calibrationVersion}`,
          ...(calibrationInUse === undefined ? [] : [`uses ${calibrationInUse}`]),
          ...(overdue === true ? ['overdue'] : []),
        ].join('; '),
      );
  }
  return 0;
}

const batchLine = ({
  id,
  model,
  deviceCount,
  passedCount,
  failedCount,
  inStockCount,
  installedCount,
  overdueCount,
}: Batch): string =>
  `${id}: ${deviceCount} × ${model}; ${passedCount} passed, ${failedCount} failed, ${inStockCount} in stock, ` +
  `${installedCount} installed${overdueCount > 0 ? `, ${overdueCount} overdue` : ''}`;

async function printLabels(call: Call): Promise<number> {
  const id = only(call, 'BATCH');
  const { out, url = '', grid, size, language = 'zh' } = call;
  if (out === undefined || !/[.](pdf|csv)$/i.test(out))
    throw new UsageError('--out is needed: X.pdf, or X.csv for a label printer');
  if (!URL.canParse(url)) throw new UsageError('--url is needed: the address under which phones reach the centre');
  const base = new URL(url).origin;
  const own = `/factory/batches/${encodeURIComponent(id)}`;
  // Before any code is made: a file that cannot be written would take the codes with it.
  const file = await open(out, 'wx', 0o600);
  try {
    let count: number;
    if (/[.]csv$/i.test(out)) {
      type Claims = { items: { deviceId: string; serial: string; claimCode: string; expiresAt: string }[] };
      const { items } = await answer<Claims>(call.centre('POST', `${own}/claims`, '{}'));
      const lines = items.map(
        ({ deviceId, serial, claimCode, expiresAt }) =>
          `${serial},${deviceId},${claimCode},${base}/devices/${deviceId}#claim=${claimCode},${expiresAt}`,
      );
      await file.writeFile(`${['serial,deviceId,claimCode,url,expiresAt', ...lines].join('\n')}\n`);
      count = items.length;
    } else {
      const { items } = await answer<{ items: BatchDevice[] }>(
        call.centre('GET', `${own}/devices?limit=${MOST_ITEMS}`),
      );
      const deviceIds = items
        .filter(({ result, life }) => result === 'pass' && life === 'inStock')
        .map(({ deviceId }) => deviceId);
      if (deviceIds.length === 0) throw new Error(`no device of batch ${id} is in stock`);
      const asked = {
        deviceIds,
        claim: true,
        baseUrl: base,
        language,
        ...(grid !== undefined && { grid }),
        ...(size !== undefined && { labelMm: size }),
      };
      const response = await call.centre('POST', '/labels', JSON.stringify(asked));
      if (!response.ok) throw new Error(((await response.json()) as { detail?: string }).detail ?? response.statusText);
      await file.writeFile(new Uint8Array(await response.arrayBuffer()));
      count = deviceIds.length;
      if (items.length === MOST_ITEMS) console.error(`the first ${MOST_ITEMS} devices of the batch alone`);
    }
    if (count === 0) throw new Error(`no device of batch ${id} is in stock`);
    console.error(`${count} labels in ${out}; keep it like a secret until the devices are enrolled`);
    return 0;
  } catch (error) {
    await rm(out, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

async function calibrate(call: Call): Promise<number> {
  const [id, file] = call.positionals;
  if (id === undefined || file === undefined) throw new UsageError('DEVICE and FILE are needed');
  const asked = call.centre('POST', `/devices/${encodeURIComponent(id)}/calibrations`, await readFile(file, 'utf8'));
  const record = await answer<CalibrationRecord>(asked);
  if (call.json) console.log(JSON.stringify(record));
  else console.log(`${record.id}${record.validUntil === undefined ? '' : `, valid until ${record.validUntil}`}`);
  return 0;
}

async function install(call: Call): Promise<number> {
  const id = only(call, 'DEVICE');
  const { venue: venueId, area } = call;
  if (venueId === undefined) throw new UsageError('--venue is needed');
  const body = JSON.stringify({ venueId, ...(area !== undefined && { area }) });
  await answer(call.centre('PUT', `/devices/${encodeURIComponent(id)}/place`, body));
  console.error(`${id} is installed at ${venueId}`);
  return 0;
}
