import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FireMessage } from '@fengsui/protocol';
import { bodyOf } from './deliver-message.ts';

const message: Omit<FireMessage, 'sender'> = {
  ...{ schema: 'fengsui.fireMessage.1', messageId: 'i1-5', kind: 'alert', sentAt: '2026-11-24T03:00:00.000Z' },
  references: [],
  verified: { verdict: 'true', means: 'call', by: 'li', at: '2026-11-24T03:00:00.000Z' },
  incident: { id: 'i1', number: 7, openedAt: '2026-11-24T02:59:20.000Z' },
  venue: {
    ...{ id: 'V1', name: '城西小学', nameEn: 'West School', class: 'school', address: '城西路 8 号' },
    ...{ longitude: 111.5, latitude: 36.1, storeys: 4, gas: 'piped' },
  },
  contacts: [{ name: '王', role: 'duty', phone: '13800000000' }],
  alarms: [
    {
      ...{ id: 'a0', kind: 'smoke', category: 'fire', place: '三楼', deviceId: 'S1' },
      raisedAt: '2026-11-24T02:59:19.000Z',
    },
  ],
  alarmCount: 1,
};
const channel = {
  url: 'https://119.example/alerts',
  format: 'cap',
  secret: undefined,
  sender: 'centre@city.example',
} as const;

const textOf = (xml: string, element: string): readonly string[] =>
  [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].map(([, text = '']) => text);

test('as CAP a confirmed fire is an Actual Alert, observed, in Chinese and English, at the venue’s point', () => {
  const { type, body } = bodyOf(channel, message, 480);
  assert.equal(type, 'application/cap+xml; charset=utf-8');
  assert.deepEqual(textOf(body, 'identifier'), ['i1-5']);
  assert.deepEqual(textOf(body, 'sent'), ['2026-11-24T11:00:00+08:00']);
  assert.deepEqual([...textOf(body, 'status'), ...textOf(body, 'msgType')], ['Actual', 'Alert']);
  assert.deepEqual(textOf(body, 'language'), ['zh-CN', 'en']);
  assert.deepEqual(textOf(body, 'certainty'), ['Observed', 'Observed']);
  assert.deepEqual(textOf(body, 'headline'), [
    '火警（已经人工核实） 城西小学',
    'Fire, confirmed by a person: West School',
  ]);
  assert.deepEqual(textOf(body, 'description'), ['三楼 烟雾', '三楼 Smoke']);
  assert.deepEqual(textOf(body, 'circle'), ['36.1,111.5 0', '36.1,111.5 0']);
  const names = textOf(body, 'valueName');
  assert.ok(['storeys', 'gas', 'venueClass', 'verifiedBy', 'contact'].every((name) => names.includes(name)));
  assert.ok(!names.includes('people'), 'what is not known is not said');
});

test('as CAP what is taken back is a Cancel that refers to the message before', () => {
  const cancel = { messageId: 'i1-5', sentAt: '2026-11-24T03:00:00.000Z' };
  const { body } = bodyOf(channel, { ...message, messageId: 'i1-9', kind: 'cancel', references: [cancel] }, 480);
  assert.deepEqual(textOf(body, 'msgType'), ['Cancel']);
  assert.deepEqual(textOf(body, 'references'), ['centre@city.example,i1-5,2026-11-24T11:00:00+08:00']);
  assert.deepEqual(textOf(body, 'urgency'), ['Past', 'Past']);
});
