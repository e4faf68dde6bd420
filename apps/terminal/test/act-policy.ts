import type { LocalActionPolicy } from '@fengsui/hazard';

/** A policy under which c1 of D1 may be opened for an arc, in 2026 and 2027. */
export function actPolicy(): LocalActionPolicy {
  return {
    schema: 'fengsui.local-action-policy/1',
    policyId: 'p1',
    deviceId: 'D1',
    circuit: 'c1',
    mode: 'act',
    consent: { by: 'owner', givenAt: '2026-01-05T09:00:00+08:00', reference: 'contract 7' },
    survey: {
      by: 'surveyor',
      surveyedAt: '2026-01-06T09:00:00+08:00',
      loads: [{ name: 'sockets of the shop', isProtected: false }],
      otherLoads: 'excluded',
    },
    breakerTest: { by: 'surveyor', testedAt: '2026-01-06T10:00:00+08:00', passed: true },
    validFrom: '2026-01-07T00:00:00+08:00',
    endsAt: '2027-01-07T00:00:00+08:00',
    causes: ['arc', 'thermalLimit'],
  };
}

const DAY_MS = 86_400_000;
const iso = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString();

/** The same, surveyed of late and in force now: for terminals that run by the clock of the machine. */
export function actPolicyOfToday(): LocalActionPolicy {
  const policy = actPolicy();
  return {
    ...policy,
    consent: { ...policy.consent, givenAt: iso(-30) },
    survey: { ...policy.survey, surveyedAt: iso(-20) },
    breakerTest: { ...policy.breakerTest, testedAt: iso(-20) },
    validFrom: iso(-10),
    endsAt: iso(300),
  };
}
