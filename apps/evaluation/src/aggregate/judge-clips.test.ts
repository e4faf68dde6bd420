import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Recognition } from '@fengsui/fingerprint';
import type { SwitchingClip } from '../recordings/switching-clips.ts';
import { detectionScores, loadScores, namingScores, type JudgedClip } from './judge-clips.ts';

function recognised(type: string, named?: string): Recognition {
  return {
    families: [],
    types: [{ type, probability: 0.9 }],
    unknownScore: 0,
    reasons: [],
    modelId: 'm',
    modelVersion: '1',
    ...(named === undefined ? {} : { named: { level: 'type', name: named, confidence: 0.9 } }),
  };
}

function judged(target: string, part: Partial<JudgedClip>): JudgedClip {
  const clip: SwitchingClip = {
    id: '0',
    target,
    targetRec: 1,
    direction: 'on',
    eventCycle: 20,
    background: [],
    mainsHz: 50,
    cycles: [],
  };
  return { clip, isKnown: true, given: undefined, isFound: false, found: undefined, falseDetections: [], ...part };
}

const clips = [
  judged('fan', { given: recognised('fan'), isFound: true, found: recognised('fan', 'fan') }),
  judged('fan', {
    given: recognised('fan'),
    isFound: true,
    found: recognised('fan'),
    falseDetections: [recognised('tv', 'tv')],
  }),
  judged('tv', { given: recognised('fan'), falseDetections: [undefined] }),
  judged('robot', { isKnown: false, given: recognised('tv'), isFound: true, found: recognised('tv', 'tv') }),
];

test('precision counts every other detection as false, recall every clip', () => {
  assert.deepEqual(detectionScores(clips), { eventPrecision: 3 / 5, eventRecall: 3 / 4, eventF1: 6 / 9 });
});

test('the load counts over clips whose label is known; no fingerprint is a wrong answer', () => {
  assert.equal(loadScores(clips, ({ given }) => given).accuracy, 2 / 3);
  assert.equal(loadScores(clips, ({ found }) => found).accuracy, 2 / 3);
  assert.deepEqual(loadScores(clips, ({ found }) => found).confusion['tv'], { 'no fingerprint': 1 });
});

test('a name given to a false detection or to an unknown load is a wrong name', () => {
  // Events: 3 found, 2 false. Named: fan (right), tv of the false one, tv of the robot.
  assert.deepEqual(namingScores(clips), { namedShare: 3 / 5, wrongNameRate: 2 / 3 });
});
