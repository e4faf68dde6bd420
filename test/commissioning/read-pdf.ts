import { execFile } from 'node:child_process';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { requireProgram } from '../../tools/servers/find-or-install.ts';

const run = promisify(execFile);
const options = { timeout: 60_000, maxBuffer: 64 * 1024 * 1024 } as const;

export type Picture = { readonly width: number; readonly height: number; readonly rgba: Uint8ClampedArray };
/** In points from the top left corner of its page. */
export type Word = {
  readonly page: number;
  readonly text: string;
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
};

async function withFile<Result>(pdf: Buffer, work: (file: string, folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-pdf-'));
  try {
    const file = path.join(folder, 'in.pdf');
    await writeFile(file, pdf);
    return await work(file, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What poppler reads in it; pages are divided by form feeds. */
export async function textOf(pdf: Buffer): Promise<string> {
  const pdftotext = await requireProgram('pdftotext');
  return withFile(pdf, async (file) => (await run(pdftotext, ['-layout', file, '-'], options)).stdout);
}

/** Every word with the box it takes on its page, by poppler. */
export async function wordsOf(pdf: Buffer): Promise<Word[]> {
  const pdftotext = await requireProgram('pdftotext');
  const { stdout } = await withFile(pdf, (file) => run(pdftotext, ['-bbox', file, '-'], options));
  let page = 0;
  return stdout.split('\n').flatMap((line) => {
    if (line.includes('<page ')) page++;
    const match = /<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)<\/word>/.exec(line);
    if (match === null) return [];
    const [xMin = 0, yMin = 0, xMax = 0, yMax = 0] = match.slice(1, 5).map(Number);
    return [{ page, text: match[5] ?? '', xMin, yMin, xMax, yMax }];
  });
}

/** The pages as a printer would draw them. */
export async function picturesOf(pdf: Buffer, dpi: number): Promise<Picture[]> {
  const pdftoppm = (await requireProgram('pdftotext')).replace(/pdftotext$/, 'pdftoppm');
  return withFile(pdf, async (file, folder) => {
    await run(pdftoppm, ['-r', String(dpi), file, path.join(folder, 'page')], options);
    const pages = (await readdir(folder)).filter((name) => name.endsWith('.ppm')).sort();
    return Promise.all(pages.map(async (name) => readPpm(await readFile(path.join(folder, name)))));
  });
}

/** PPM P6 with 8 bits: a heading of four fields, then three bytes per pixel. */
function readPpm(bytes: Buffer): Picture {
  const match = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.toString('latin1', 0, 60));
  if (match === null) throw new Error('not a PPM of 8 bits');
  const [width = 0, height = 0] = match.slice(1, 3).map(Number);
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let pixel = 0, at = match[0].length; pixel < width * height; pixel++, at += 3)
    rgba.set(bytes.subarray(at, at + 3), pixel * 4);
  return { width, height, rgba };
}

/** A part of a picture; what lies beyond it is white. */
export function cropped(picture: Picture, x: number, y: number, width: number, height: number): Picture {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let row = 0; row < height && y + row < picture.height; row++) {
    const from = ((y + row) * picture.width + x) * 4;
    const length = Math.min(width, picture.width - x) * 4;
    rgba.set(picture.rgba.subarray(from, from + length), row * width * 4);
  }
  return { width, height, rgba };
}
