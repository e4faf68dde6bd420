import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { CentreProcess, fengsui } from '../harness/centre-process.ts';
import { cityRows, workbookOf, XLSX } from '../registry/city-workbook.ts';
import { cropped, picturesOf, textOf, wordsOf, type Picture } from './read-pdf.ts';

// The reader of codes has nothing in common with their writer; it is CommonJS.
const jsQR = createRequire(import.meta.url)('jsqr') as (
  rgba: Uint8ClampedArray,
  width: number,
  height: number,
) => { readonly data: string } | null;

const LONG_ID = 'VERY-LONG-DEVICE-IDENTIFIER.0123456789.0123456789.0123456789.XYZ';
const LONG_NAME = '二层东侧后厨燃气灶台上方独立式可燃气体探测器（带联动切断阀）第三号备用设备与说明文字很长很长';
const LONG_VENUE =
  '太原市小店区学府街与长治路交叉口西北角兴旺餐饮管理有限公司第一百二十三分公司旗舰店（地上三层地下一层）';
const URL_BASE = 'https://192.168.10.20:8119';
const DPI = 150;

let centre: CentreProcess;
let token: string;
let folder: string;

before(async () => {
  centre = await CentreProcess.start();
  token = await centre.createToken('systemAdmin');
  folder = await mkdtemp(path.join(tmpdir(), 'fengsui-labels-'));
  const rows = cityRows(3, 10);
  rows['场所']?.push(['LONG', LONG_VENUE, '九小场所', '', '', '']);
  rows['设备']?.push([LONG_ID, 'generic-gas', 'LONG', '', LONG_NAME, '']);
  await importRows(rows);
});
after(async () => {
  await centre.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function importRows(rows: Parameters<typeof workbookOf>[0]): Promise<void> {
  const response = await fetch(`${centre.webUrl}/api/v1/imports`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': XLSX },
    body: Uint8Array.from(workbookOf(rows)),
    signal: AbortSignal.timeout(120_000),
  });
  assert.equal(response.status, 201, await response.text());
}

async function labels(order: object): Promise<{ readonly status: number; readonly bytes: Buffer }> {
  const response = await fetch(`${centre.webUrl}/api/v1/labels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(order),
    signal: AbortSignal.timeout(300_000),
  });
  return { status: response.status, bytes: Buffer.from(await response.arrayBuffer()) };
}

/** Codes of the first labels of a page of 3x8. */
function codesOf(page: Picture, count: number): (string | undefined)[] {
  const columns = 3;
  const width = Math.floor(page.width / columns);
  const height = Math.floor(page.height / 8);
  return Array.from({ length: count }, (_, index) => {
    const part = cropped(page, (index % columns) * width, Math.floor(index / columns) * height, width, height);
    return jsQR(part.rgba, part.width, part.height)?.data;
  });
}

test('each label has a code that leads to its device, and says id, name, venue, place and circuit', async () => {
  const { status, bytes } = await labels({ venueIds: ['V1'], baseUrl: URL_BASE });
  assert.equal(status, 200);
  const pages = await picturesOf(bytes, DPI);
  assert.equal(pages.length, 1);
  const codes = codesOf(pages[0] as Picture, 10);
  const ids = Array.from({ length: 10 }, (_, index) => `V1-D${index + 1}`).sort();
  assert.deepEqual(
    codes.filter((code) => code !== undefined).sort(),
    ids.map((id) => `${URL_BASE}/devices/${id}`),
  );
  const text = (await textOf(bytes)).replace(/\s+/g, '');
  for (const words of ['V1-D1', '设备1', '场所1', '大厅', 'c1照明16A']) assert.ok(text.includes(words), words);
  assert.doesNotMatch(text, /claim|认领码/);
});

test('long ids, names and venues are whole, inside their label, and no two lines overlap', async () => {
  const { bytes } = await labels({ venueIds: ['LONG'], baseUrl: URL_BASE, grid: '3x8' });
  const words = await wordsOf(bytes);
  const text = words.map((word) => word.text).join('');
  for (const whole of [LONG_ID, LONG_NAME, LONG_VENUE]) assert.ok(text.includes(whole), whole);
  const right = (70 / 25.4) * 72;
  const bottom = ((0.5 + 37) / 25.4) * 72;
  for (const word of words) assert.ok(word.xMax <= right && word.yMax <= bottom, JSON.stringify(word));
  // Boxes of poppler hold ascenders and descenders; the middles of two lines must stay a line apart.
  const middles = words.map(({ yMin, yMax, xMin, xMax }) => ({
    y: (yMin + yMax) / 2,
    height: yMax - yMin,
    xMin,
    xMax,
  }));
  for (const [index, a] of middles.entries())
    for (const b of middles.slice(index + 1)) {
      const isSideBySide = a.xMax <= b.xMin + 0.5 || b.xMax <= a.xMin + 0.5;
      const distance = Math.abs(a.y - b.y);
      assert.ok(isSideBySide || distance >= 0.6 * Math.min(a.height, b.height), JSON.stringify([a, b]));
    }
  assert.deepEqual(codesOf((await picturesOf(bytes, 300))[0] as Picture, 1)[0], `${URL_BASE}/devices/${LONG_ID}`);
});

test('a claim code stands on a label only when asked for, enrols its device once, and is kept nowhere', async () => {
  const file = path.join(folder, 'claims.pdf');
  const args = ['labels', file, '--url', `${URL_BASE}/`, '--venue', 'V2', '--claim', '--data', centre.folder];
  const made = await fengsui(args);
  assert.equal(made.code, 0, made.stderr);
  assert.match(made.stderr, /10 labels on 1 sheets/);
  assert.equal((await stat(file)).mode & 0o077, 0, 'readable by its owner alone');
  const bytes = await readFile(file);
  const codes = codesOf((await picturesOf(bytes, DPI))[0] as Picture, 10).filter((code) => code !== undefined);
  assert.equal(codes.length, 10);
  const code = codes.find((candidate) => candidate.includes('/devices/V2-D3#')) ?? '';
  const claimCode = /#claim=([0-9A-Z-]{19})$/.exec(code)?.[1] ?? '';
  assert.ok((await textOf(bytes)).includes(claimCode), 'the same code can be read without a camera');
  const enrol = (): Promise<Response> =>
    fetch(`${centre.webUrl}/api/v1/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ claimCode }),
    });
  const first = await enrol();
  assert.equal(first.status, 200);
  assert.equal(((await first.json()) as { deviceId: string }).deviceId, 'V2-D3');
  assert.equal((await enrol()).status, 403);
  const again = await fengsui(args);
  assert.equal(again.code, 1, 'a file with codes is not written over');
  assert.match(again.stderr, /EEXIST/);
});

test('a sheet that does not fit on A4, an unknown device and a role without the right are refused with the reason', async () => {
  const tooWide = await labels({ grid: '4x8' });
  assert.equal(tooWide.status, 422);
  assert.match(tooWide.bytes.toString(), /4x8 labels of 70x37 mm take 280 x 296 mm: expected at most 210 x 297/);
  assert.equal((await labels({ deviceIds: ['NO-1'] })).status, 404);
  const operator = await centre.createToken('operator');
  const response = await fetch(`${centre.webUrl}/api/v1/labels`, {
    method: 'POST',
    headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
    body: '{}',
  });
  assert.equal(response.status, 403);
  const noUrl = await fengsui(['labels', path.join(folder, 'x.pdf'), '--data', centre.folder]);
  assert.equal(noUrl.code, 2);
  assert.match(noUrl.stderr, /--url is needed/);
});

test('3,000 labels come as they are drawn, while the centre answers others', { timeout: 300_000 }, async (t) => {
  await importRows(cityRows(300, 10));
  const started = performance.now();
  let slowestMs = 0;
  let isDone = false;
  const asking = (async () => {
    while (!isDone) {
      const asked = performance.now();
      assert.equal((await fetch(`${centre.webUrl}/healthz`)).status, 200);
      slowestMs = Math.max(slowestMs, performance.now() - asked);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  const { status, bytes } = await labels({ claim: true, baseUrl: URL_BASE });
  isDone = true;
  await asking;
  assert.equal(status, 200);
  const text = await textOf(bytes);
  assert.equal(text.split('\f').length - 1, Math.ceil(3_001 / 24));
  const elapsedMs = performance.now() - started;
  t.diagnostic(
    `3,001 labels in ${Math.round(elapsedMs)} ms, ${bytes.length} bytes; slowest other answer ${Math.round(slowestMs)} ms`,
  );
  assert.ok(slowestMs < elapsedMs / 3, `${slowestMs} of ${elapsedMs} ms: others waited for the drawing`);
});
