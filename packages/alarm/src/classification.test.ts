import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  centreFaultKinds,
  concludedKinds,
  classify,
  eventKinds,
  facilityKinds,
  localActionKind,
  momentaryKinds,
} from './classification.ts';
import { defaultClassification } from './classification-table.ts';
import { levels } from './words.ts';

/** design.md 5.1, written out: category and priority at attention, warning, alarm. */
const expected: Record<string, string> = {
  arc: 'warning P4, warning P3, warning P2',
  overload: 'warning P4, warning P3, warning P2',
  contactHeating: 'warning P4, warning P3, warning P2',
  overTemperature: 'warning P4, warning P3, warning P2',
  residualCurrent: 'warning P4, warning P3, warning P2',
  overVoltage: 'warning P4, warning P3, warning P2',
  underVoltage: 'warning P4, warning P3, warning P2',
  phaseLoss: 'warning P4, warning P3, warning P2',
  neutralLoss: 'warning P4, warning P3, warning P2',
  imbalance: 'warning P4, warning P3, warning P2',
  prohibitedLoad: 'warning P4, warning P3, warning P2',
  smoke: 'warning P4, warning P3, fire P1',
  heat: 'warning P4, warning P3, fire P1',
  gas: 'warning P4, warning P3, warning P1',
  waterPressure: 'supervisory P4, supervisory P3, supervisory P2',
  manualAlarm: 'warning P4, warning P3, fire P1',
  tamper: 'supervisory P4, supervisory P3, supervisory P2',
  fault: 'fault P4, fault P3, fault P2',
  fireIndication: 'warning P4, warning P2, fire P1',
  fire: 'fire P1, fire P1, fire P1',
  shielded: 'supervisory P3, supervisory P3, supervisory P3',
  supervisory: 'supervisory P4, supervisory P3, supervisory P2',
  mainsFault: 'fault P3, fault P3, fault P3',
  backupFault: 'fault P3, fault P3, fault P3',
  powerFault: 'fault P3, fault P3, fault P3',
  busFault: 'fault P2, fault P2, fault P2',
  channelFault: 'fault P2, fault P2, fault P2',
  lineFault: 'fault P2, fault P2, fault P2',
  localAction: 'warning P4, warning P3, warning P2',
  clockSuspect: 'fault P4, fault P3, fault P2',
  clonedIdentity: 'fault P4, fault P3, fault P2',
  workOrderOverdue: 'fault P4, fault P3, fault P2',
  malformedReports: 'fault P4, fault P3, fault P2',
  sequenceReset: 'fault P4, fault P3, fault P2',
  silent: 'fault P4, fault P3, fault P2',
  addressClash: 'supervisory P4, supervisory P3, supervisory P2',
  unauthorisedAccess: 'supervisory P4, supervisory P3, supervisory P2',
  sourceAway: 'fault P4, fault P3, fault P2',
  clockJump: 'fault P4, fault P3, fault P2',
  diskSpace: 'fault P4, fault P3, fault P2',
  backupFailed: 'fault P4, fault P3, fault P2',
  fireCommandAway: 'fault P4, fault P3, fault P2',
  voiceAway: 'fault P4, fault P3, fault P2',
  smsAway: 'fault P4, fault P3, fault P2',
  mailAway: 'fault P4, fault P3, fault P2',
  pushAway: 'fault P4, fault P3, fault P2',
  webhookAway: 'fault P4, fault P3, fault P2',
  canaryMissed: 'fault P4, fault P3, fault P2',
  selfTestMissed: 'fault P4, fault P3, fault P2',
  rolloutStopped: 'fault P4, fault P3, fault P2',
  relayAway: 'fault P4, fault P3, fault P2',
  relayBacklog: 'fault P4, fault P3, fault P2',
  relayLoss: 'fault P4, fault P3, fault P2',
};

test('every kind at every level is classified as design.md 5.1 says', () => {
  const actual = Object.keys(defaultClassification).map((kind) => {
    const rows = levels.map((level) => {
      const { classification, unmapped } = classify(kind, level);
      assert.equal(unmapped, undefined);
      return `${classification.category} ${classification.priority}`;
    });
    return [kind, rows.join(', ')] as const;
  });
  assert.deepEqual(Object.fromEntries(actual), expected);
});

test('every kind that can raise is in the table, and no momentary one', () => {
  assert.deepEqual(
    [...eventKinds, ...facilityKinds, ...concludedKinds, localActionKind, ...centreFaultKinds].sort(),
    Object.keys(defaultClassification).sort(),
  );
  for (const kind of momentaryKinds) assert.ok(!(kind in defaultClassification));
});

test('an unknown kind is an unmapped warning, whatever its name', () => {
  for (const kind of ['flood', 'constructor', '__proto__', 'toString', '']) {
    assert.deepEqual(classify(kind, 'alarm'), {
      classification: { category: 'warning', priority: 'P2' },
      unmapped: true,
    });
  }
  assert.equal(classify('flood', 'attention').classification.priority, 'P4');
});

test('a device model adds kinds of its own', () => {
  const table = { ...defaultClassification, flood: defaultClassification.waterPressure };
  assert.deepEqual(classify('flood', 'alarm', table), { classification: { category: 'supervisory', priority: 'P2' } });
  assert.deepEqual(classify('smoke', 'alarm', table), { classification: { category: 'fire', priority: 'P1' } });
});
