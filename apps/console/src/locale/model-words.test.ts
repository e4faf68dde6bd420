import assert from 'node:assert/strict';
import test from 'node:test';
import i18next from 'i18next';
import { rememberUnits, unitOfAlarm, unitOfPoint } from '../alarm/alarm-quantity.ts';
import { broughtWords } from './model-words.ts';
import type { Translate } from './i18n.ts';
import { familyName, kindName, pointName } from './words.ts';
import { zh } from './zh.ts';

const words = {
  families: { leak: { zh: '水浸', en: 'Leak' } },
  kinds: { leak: { zh: '漏水', en: 'water leak' } },
  quantities: { levelMm: { zh: '水位', en: 'level' } },
  units: { levelMm: 'mm' },
};

test('a family, kind and quantity of a model file have their words on the screen, others stay as they are', async () => {
  const screen = i18next.createInstance();
  await screen.init({ lng: 'zh', resources: { zh: { translation: zh } } });
  const t = screen.t as Translate;
  assert.equal(familyName(t, 'leak'), 'leak');
  screen.addResourceBundle('zh', 'translation', broughtWords(words, 'zh'), true, true);
  assert.equal(familyName(t, 'leak'), '水浸');
  assert.equal(familyName(t, 'smoke'), zh.family.smoke);
  assert.equal(kindName(t, 'leak'), '漏水');
  assert.equal(pointName(t, 'leak.levelMm'), '水位');
  assert.equal(familyName(t, 'toString'), 'toString');
  assert.equal(broughtWords(words, 'en').brought.family['leak'], 'Leak');
});

test('an alarm on such a quantity has its unit', () => {
  assert.equal(unitOfPoint('leak.levelMm'), undefined);
  rememberUnits(words.units);
  assert.equal(unitOfPoint('leak.levelMm'), 'mm');
  assert.equal(unitOfAlarm({ kind: 'leak', pointId: 'leak.levelMm' }), 'mm');
  // The product's own units stand.
  rememberUnits({ currentA: 'kA' });
  assert.equal(unitOfPoint('c1.currentA'), 'A');
});
