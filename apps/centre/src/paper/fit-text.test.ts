import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { propertySettings } from '../platform/property-settings.fixture.ts';
import { breakLines, fitText } from './fit-text.ts';

/** A Chinese character is as wide as the size, a Latin one half of it. */
const measure = (text: string): number =>
  [...text].reduce((sum, character) => sum + (character.charCodeAt(0) > 0x2000 ? 1 : 0.5), 0);
const box = { widthPt: 60, heightPt: 30, sizesPt: [12, 10, 8, 6], lineHeight: 1.25 } as const;

test('a short text stands at the largest size, a longer one shrinks, then wraps, and only then is cut', () => {
  assert.deepEqual(fitText('饭店', box, measure), { sizePt: 12, lines: ['饭店'] });
  assert.deepEqual(fitText('兴旺饭店旗舰店', box, measure), { sizePt: 12, lines: ['兴旺饭店旗', '舰店'] });
  const long = '兴旺'.repeat(15);
  const fitted = fitText(long, box, measure);
  assert.equal(fitted.sizePt, 6);
  assert.equal(fitted.lines.join(''), long);
  const cut = fitText('兴旺'.repeat(60), box, measure);
  assert.ok(cut.lines.join('').endsWith('…') && cut.lines.length === 4);
  assert.deepEqual(fitText('  ', box, measure).lines, []);
});

test('Latin breaks between words, an id that is too long breaks where it must, and no line begins with a comma', () => {
  assert.deepEqual(breakLines('main fire pump', 5, measure), ['main fire', 'pump']);
  assert.deepEqual(breakLines('ABCDEFGHIJKLMNO', 5, measure), ['ABCDEFGHIJ', 'KLMNO']);
  assert.deepEqual(breakLines('一二三，四五', 3, measure), ['一二', '三，四', '五']);
});

test('whatever the text, every line fits and nothing is lost but blanks, until it has to be cut', () => {
  const text = fc.array(fc.constantFrom('饭', '店', 'a', 'W', ' ', '，', '-', '😀', '１'), { maxLength: 60 });
  fc.assert(
    fc.property(text, fc.integer({ min: 20, max: 200 }), (characters, widthPt) => {
      const whole = characters.join('');
      const { sizePt, lines } = fitText(whole, { ...box, widthPt, heightPt: 1_000 }, measure);
      const bare = (words: string): string => words.replace(/\s/g, '');
      assert.equal(bare(lines.join('')), bare(whole));
      // A single character, with the marks that stay with it, may be wider than the line; nothing else.
      for (const line of lines) assert.ok(measure(line) * sizePt <= widthPt + 1e-9 || /^.[，]*$/u.test(line), line);
    }),
    propertySettings(500),
  );
});
