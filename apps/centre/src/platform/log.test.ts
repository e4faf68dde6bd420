import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog, type LogLevel } from './log.ts';

function lines(json: boolean, level: LogLevel = 'debug') {
  const written: string[] = [];
  return { log: createLog({ level, json, write: (line) => void written.push(line) }), written };
}

/** What a sender of bad intent puts into a name: a new line, an escape sequence, the 8-bit CSI, and a turn of direction. */
const EVIL = 'a\nb\r\u001b[2J\u0000\u009b31m\u007f\u2028\u202egnp.exe\u2066';

test('a line has the time, the level, the words and the fields', () => {
  const { log, written } = lines(false);
  log.warn('packet refused', { deviceId: 'D1', bytes: 5, list: [1] });
  assert.match(written[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z warn packet refused deviceId=D1 bytes=5 list=\[1\]$/);
});

test('whatever is logged, one entry is one line without a control character', () => {
  for (const json of [false, true]) {
    const { log, written } = lines(json);
    log.error(EVIL, { [EVIL]: EVIL, nested: { deep: EVIL } });
    assert.equal(written.length, 1);
    assert.doesNotMatch(written[0] ?? '', /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/);
  }
});

test('a JSON line reads back as what was logged', () => {
  const { log, written } = lines(true);
  log.info('烽燧 "up"', { name: EVIL });
  const { at, ...entry } = JSON.parse(written[0] ?? '') as Record<string, unknown>;
  assert.deepEqual(entry, { level: 'info', message: '烽燧 "up"', name: EVIL });
  assert.ok(Math.abs(Date.parse(String(at)) - Date.now()) < 60_000);
});

test('a field cannot take the place of the level or the message', () => {
  const { log, written } = lines(true);
  log.error('disk full', { level: 'debug', message: 'all is well' });
  const { level, message } = JSON.parse(written[0] ?? '') as Record<string, unknown>;
  assert.deepEqual([level, message], ['error', 'disk full']);
});

test('levels below the threshold are not written', () => {
  const counts = (['error', 'warn', 'info', 'debug'] as const).map((level) => {
    const { log, written } = lines(false, level);
    log.error('e');
    log.warn('w');
    log.info('i');
    log.debug('d');
    return written.length;
  });
  assert.deepEqual(counts, [1, 2, 3, 4]);
});
