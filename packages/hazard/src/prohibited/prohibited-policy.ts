/** What a rule forbids. */
export const prohibitedUses = [
  'eBikeCharging',
  'immersionHeater',
  'spaceHeater',
  'hotPlate',
  'heatingAppliance',
  'unattendedHeating',
] as const;
export type ProhibitedUse = (typeof prohibitedUses)[number];

/** Hours of the local day, minutes 0 … 1440; past midnight when `fromMinute` > `toMinute`. */
export type MinutesOfDay = { readonly fromMinute: number; readonly toMinute: number };

/** Which loads a rule means. A load is meant when its type, its family or its enrolled name is listed. */
export type ProhibitedLoadsMeant = {
  /** Types of the recognition model: enough for a tentative notice when the type is sure. */
  readonly types: readonly string[];
  /** Families: a family alone holds harmless loads too, so time decides. */
  readonly families: readonly string[];
  /** Names of devices enrolled on site. */
  readonly devices?: readonly string[];
  /** Power of the load, W. */
  readonly leastPowerW: number;
  readonly mostPowerW: number;
};

/** One prohibition, as data. */
export type ProhibitedRule = {
  readonly id: string;
  readonly use: ProhibitedUse;
  /** Classes of venue; absent = every class. */
  readonly venueClasses?: readonly string[];
  /** Uses of the area, such as `dormitory`; absent = every area that is not exempt. */
  readonly areaUses?: readonly string[];
  /** Areas where it is allowed, such as `chargingRoom`, `kitchen`. */
  readonly exemptAreaUses?: readonly string[];
  /** When it is prohibited; absent = always. */
  readonly hours?: MinutesOfDay;
  readonly loads: ProhibitedLoadsMeant;
  /** Tentative as soon as a load of a listed family is on; otherwise only a sure type is told at once. */
  readonly isTentativeByFamily: boolean;
  /** Time on after which a load of a listed family counts as this use: a kettle is done before. At most 10 min. */
  readonly confirmAfterMs: number;
  /** Clause with its evidence mark, or `ours`. */
  readonly source: string;
};

/** Prohibitions of one jurisdiction, dated. */
export type ProhibitedPolicy = {
  readonly policyId: string;
  /** `CN`, `CN-SX` … */
  readonly jurisdiction: string;
  /** ISO date from which it holds. */
  readonly validFrom: string;
  readonly validTo?: string;
  readonly rules: readonly ProhibitedRule[];
};

/** Where a circuit is. */
export type ProhibitedPlace = {
  /** Prefix of its points: `c1`. */
  readonly circuit: string;
  readonly venueClass: string;
  readonly areaUse?: string;
};

/** The rules that hold at a place, whatever the hour. */
export function rulesAt(policy: ProhibitedPolicy, place: ProhibitedPlace): readonly ProhibitedRule[] {
  const { venueClass, areaUse } = place;
  return policy.rules.filter((rule) => {
    if (rule.venueClasses !== undefined && !rule.venueClasses.includes(venueClass)) return false;
    if (areaUse !== undefined && rule.exemptAreaUses?.includes(areaUse) === true) return false;
    return rule.areaUses === undefined || (areaUse !== undefined && rule.areaUses.includes(areaUse));
  });
}

/** Whether a minute of the day (0 … 1440) lies within the hours; the end is left out. */
export function isWithin(hours: MinutesOfDay | undefined, minuteOfDay: number): boolean {
  if (hours === undefined) return true;
  const { fromMinute, toMinute } = hours;
  if (fromMinute <= toMinute) return minuteOfDay >= fromMinute && minuteOfDay < toMinute;
  return minuteOfDay >= fromMinute || minuteOfDay < toMinute;
}

/** Everything wrong with a policy, each with its place, value and expectation; empty when it is sound. */
export function prohibitedPolicyProblems(policy: ProhibitedPolicy): readonly string[] {
  const problems: string[] = [];
  for (const field of ['validFrom', 'validTo'] as const) {
    const value = policy[field];
    if (value !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(value)) {
      problems.push(`policy ${policy.policyId}: ${field} is ${value}, expected a date YYYY-MM-DD`);
    }
  }
  const seen = new Set<string>();
  for (const rule of policy.rules) {
    const place = `policy ${policy.policyId}, rule ${rule.id}`;
    if (seen.has(rule.id)) problems.push(`${place}: the id occurs twice, expected one rule per id`);
    seen.add(rule.id);
    problems.push(...ruleProblems(rule).map((problem) => `${place}: ${problem}`));
  }
  return problems;
}

function ruleProblems(rule: ProhibitedRule): readonly string[] {
  const problems: string[] = [];
  const { loads, hours, confirmAfterMs } = rule;
  if (!prohibitedUses.includes(rule.use)) {
    problems.push(`use is ${String(rule.use)}, expected one of ${prohibitedUses.join(', ')}`);
  }
  if (!(loads.leastPowerW > 0 && loads.mostPowerW > loads.leastPowerW)) {
    problems.push(`powers are ${loads.leastPowerW} to ${loads.mostPowerW} W, expected 0 < least < most`);
  }
  if (loads.types.length + loads.families.length + (loads.devices?.length ?? 0) === 0) {
    problems.push('no type, family or device is listed, expected at least one');
  }
  if (!(confirmAfterMs >= 0 && confirmAfterMs <= 600_000)) {
    problems.push(`confirmAfterMs is ${confirmAfterMs}, expected 0 to 600000`);
  }
  for (const minute of hours === undefined ? [] : [hours.fromMinute, hours.toMinute]) {
    if (!(minute >= 0 && minute <= 1440)) problems.push(`minute of the day is ${minute}, expected 0 to 1440`);
  }
  return problems;
}
