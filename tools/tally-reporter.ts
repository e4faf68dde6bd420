import type { TestEvent } from 'node:test/reporters';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { FileTally } from './tally.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Failures at once and in full, the slowest tests at the end, and the counts by file into FENGSUI_TALLY_FILE. */
export default async function* tally(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files: Record<string, FileTally> = {};
  const skipped: string[] = [];
  const slow: { readonly name: string; readonly ms: number }[] = [];
  for await (const event of source) {
    if (event.type === 'test:stderr' || event.type === 'test:stdout') {
      if (event.data.message.trim() !== '') yield event.data.message;
      continue;
    }
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { data } = event;
    const file = data.file === undefined ? '' : path.relative(root, data.file);
    if (data.details.type === 'suite') continue;
    // Before 24 reports a file as a test of its own; its tests are what counts.
    if (file !== '' && path.resolve(root, data.name) === data.file && event.type === 'test:pass') continue;
    const { passed, failed, firstError } = (files[file] ??= { passed: 0, failed: 0 });
    if (data.skip !== undefined && data.skip !== false) {
      skipped.push(`${file}: ${data.name} (${String(data.skip)})`);
      continue;
    }
    slow.push({ name: `${file}: ${data.name}`, ms: data.details.duration_ms });
    if (event.type === 'test:pass') {
      files[file] = { ...files[file], passed: passed + 1, failed };
      continue;
    }
    const { error } = event.data.details;
    const cause: unknown = error.cause ?? error;
    const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
    files[file] = { passed, failed: failed + 1, firstError: firstError ?? `${data.name}: ${line}` };
    yield `\nFAIL ${file}: ${data.name}\n${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}\n`;
  }
  yield `\nslowest:\n`;
  for (const { name, ms } of slow.sort((a, b) => b.ms - a.ms).slice(0, 12))
    yield `  ${(ms / 1000).toFixed(1).padStart(6)} s  ${name}\n`;
  for (const line of skipped) yield `skipped: ${line}\n`;
  yield `${Object.keys(files).length} test files\n`;
  const tallyFile = process.env['FENGSUI_TALLY_FILE'];
  if (tallyFile !== undefined) writeFileSync(tallyFile, JSON.stringify(files));
}
