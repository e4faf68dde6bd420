import assert from 'node:assert/strict';
import test from 'node:test';
import { keepLanguage, storedLanguage } from './language.ts';

function memory(): { getItem: (key: string) => string | null; setItem: (key: string, value: string) => void } {
  const kept = new Map<string, string>();
  return { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) };
}

test('the language is Chinese until someone switches, then what was kept', () => {
  const storage = memory();
  assert.equal(storedLanguage(storage), 'zh');
  keepLanguage(storage, 'en');
  assert.equal(storedLanguage(storage), 'en');
  storage.setItem('fengsui.language', 'xx');
  assert.equal(storedLanguage(storage), 'zh');
});

test('a browser that refuses storage still has a language', () => {
  const refusing = {
    getItem: () => {
      throw new Error('denied');
    },
    setItem: () => {
      throw new Error('denied');
    },
  };
  assert.equal(storedLanguage(refusing), 'zh');
  keepLanguage(refusing, 'en');
  assert.equal(storedLanguage(undefined), 'zh');
});
