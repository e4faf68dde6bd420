import assert from 'node:assert/strict';
import test from 'node:test';
import { deskActionOf, type KeyPress } from './key-bindings.ts';

const press = (key: string, changes: Partial<KeyPress> = {}): KeyPress => ({
  key,
  shift: false,
  hasModifier: false,
  isTyping: false,
  ...changes,
});

test('letters act in either case, and Shift A asks for a note', () => {
  assert.equal(deskActionOf(press('a'), true), 'acknowledge');
  assert.equal(deskActionOf(press('A'), true), 'acknowledge', 'caps lock is not Shift');
  assert.equal(deskActionOf(press('A', { shift: true }), true), 'acknowledgeWithNote');
  assert.equal(deskActionOf(press('?', { shift: true }), true), 'help');
});

test('letters switched off leave the named keys', () => {
  assert.equal(deskActionOf(press('a'), false), undefined);
  assert.equal(deskActionOf(press('/'), false), undefined);
  assert.equal(deskActionOf(press('ArrowDown'), false), 'next');
});

test('while typing only Escape is ours', () => {
  assert.equal(deskActionOf(press('a', { isTyping: true }), true), undefined);
  assert.equal(deskActionOf(press('Enter', { isTyping: true }), true), undefined);
  assert.equal(deskActionOf(press('Escape', { isTyping: true }), true), 'release');
});

test('shortcuts of the browser are left alone', () => {
  assert.equal(deskActionOf(press('a', { hasModifier: true }), true), undefined);
  assert.equal(deskActionOf(press('s', { hasModifier: true }), true), undefined);
});
