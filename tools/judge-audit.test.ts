import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judgeAudit } from './judge-audit.ts';

// Reports in the form of npm 11 (auditReportVersion 2).
const report = (vulnerabilities: object): string =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities, metadata: { dependencies: { prod: 200, total: 220 } } });

test('a weakness that is high or critical is named, what is less is counted', () => {
  const judged = judgeAudit(
    report({
      one: { severity: 'high', range: '<1.2.3', via: [{ title: 'Reads any file' }, 'two'] },
      two: { severity: 'moderate', range: '*', via: ['x'] },
      three: { severity: 'critical', range: '2.x', via: [] },
    }),
  );
  assert.deepEqual(judged, {
    kind: 'judged',
    parts: 220,
    severe: ['one <1.2.3 (high) Reads any file', 'three 2.x (critical)'],
    others: 1,
  });
});

test('without any it is good, and says how many were looked at', () => {
  assert.deepEqual(judgeAudit(report({})), { kind: 'judged', parts: 220, severe: [], others: 0 });
});

test('a registry that does not answer is not a good answer, and is told as it is', () => {
  assert.deepEqual(judgeAudit('{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":""}}'), {
    kind: 'notAsked',
    reason: '405 Method Not Allowed',
  });
  assert.equal(judgeAudit('{"error":{"code":"ENOTFOUND","summary":"no such host"}}').kind, 'notAsked');
  assert.equal(judgeAudit('').kind, 'notAsked');
});
