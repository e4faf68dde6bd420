import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { localActionPolicyProblems, type LocalActionPolicy } from './local-action-policy.ts';

const policy: LocalActionPolicy = {
  schema: 'fengsui.local-action-policy/1',
  policyId: 'p-7',
  deviceId: 'd7',
  circuit: 'c1',
  mode: 'act',
  consent: { by: 'owner', givenAt: '2026-03-01T09:00:00+08:00', reference: 'contract 12' },
  survey: {
    by: 'technician',
    surveyedAt: '2026-03-02T09:00:00+08:00',
    loads: [{ name: 'kettle', isProtected: false }],
    otherLoads: 'possible',
  },
  breakerTest: { by: 'technician', testedAt: '2026-03-02T10:00:00+08:00', passed: true },
  validFrom: '2026-03-03T00:00:00+08:00',
  endsAt: '2027-03-03T00:00:00+08:00',
  causes: ['arc', 'thermalLimit'],
  temperaturePoints: ['t1'],
};

test('a complete policy has no problem, also after a round trip through JSON', () => {
  assert.deepEqual(localActionPolicyProblems(policy), []);
  assert.deepEqual(localActionPolicyProblems(JSON.parse(JSON.stringify(policy))), []);
});

test('whatever field is missing or of another kind is named', () => {
  const sections = ['consent', 'survey', 'breakerTest'] as const;
  const fields: string[] = [];
  for (const field of Object.keys(policy)) if (field !== 'temperaturePoints') fields.push(field);
  for (const section of sections) for (const field of Object.keys(policy[section])) fields.push(`${section}.${field}`);
  assert.equal(fields.length, 21);
  for (const field of fields) {
    for (const bad of [undefined, 7, '', {}]) {
      const broken = JSON.parse(JSON.stringify(policy)) as Record<string, Record<string, unknown>>;
      const [head = '', tail] = field.split('.');
      if (tail === undefined) Object.assign(broken, { [head]: bad });
      else Object.assign(broken[head] ?? {}, { [tail]: bad });
      const problems = localActionPolicyProblems(broken).join('\n');
      assert.ok(problems.includes(field), `${field} = ${JSON.stringify(bad)}: ${problems}`);
    }
  }
});

test('a local time without its offset, a wrong month and a wildcard circuit are refused', () => {
  const bad = { ...policy, validFrom: '2026-03-03T00:00:00', endsAt: '2026-13-01T00:00:00Z', circuit: 'c*' };
  assert.deepEqual(localActionPolicyProblems(bad), [
    'local action policy: circuit is "c*": expected a prefix of points such as c1',
    'local action policy: validFrom is "2026-03-03T00:00:00": expected an instant such as 2026-11-21T08:00:00+08:00',
    'local action policy: endsAt is "2026-13-01T00:00:00Z": expected an instant such as 2026-11-21T08:00:00+08:00',
  ]);
});

test('no document whatever makes the check throw', () => {
  fc.assert(
    fc.property(fc.anything(), (document) => {
      assert.ok(localActionPolicyProblems(document).length > 0);
    }),
  );
});
