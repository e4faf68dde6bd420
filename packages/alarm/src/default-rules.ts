import type { LimitRule } from './limit-rule.ts';

/**
 * Obscuration per metre (%) of smoke with an extinction of `dbPerM` decibel per metre.
 *
 * Both tell how much light P of P0 is left after one metre: m = 10·lg(P0/P) dB/m and S = (1 − P/P0)·100 %/m, hence
 * S = (1 − 10^(−m/10))·100. The standards of detectors speak in dB/m, the points of detectors in %/m.
 *
 * @param dbPerM ≥ 0; 0.1 dB/m is 2.28 %/m, 0.5 dB/m is 10.87 %/m.
 */
export function obscurationPctPerMOf(dbPerM: number): number {
  return (1 - 10 ** (-dbPerM / 10)) * 100;
}

/**
 * Limits for the generic device models (design.md 5.5), all to be edited per venue. The evidence marks are those of
 * {@link LimitRule.source}.
 *
 * Not here, with the reason: `c*.currentA` needs the rated current of the circuit (the terminal has it); the attention
 * band of residual current, natural baseline + 100 mA, needs a learnt baseline; frequency has no kind of event.
 */
export const defaultLimitRules: readonly LimitRule[] = [
  {
    id: 'terminal-temperature-warning',
    kind: 'overTemperature',
    level: 'warning',
    point: 't*.temperatureC',
    direction: 'above',
    threshold: 70,
    deadband: 5,
    onDelayMs: 3_000,
    offDelayMs: 10_000,
    source: 'GB 14287.3-2014: settable 45-140 °C, alarm within 40 s [M]; band and delays ours',
  },
  {
    id: 'terminal-temperature-alarm',
    kind: 'overTemperature',
    level: 'alarm',
    point: 't*.temperatureC',
    direction: 'above',
    threshold: 85,
    deadband: 5,
    onDelayMs: 3_000,
    offDelayMs: 10_000,
    source: 'GB 14287.3-2014: settable 45-140 °C, alarm within 40 s [M]; band and delays ours',
  },
  {
    id: 'residual-current-warning',
    kind: 'residualCurrent',
    level: 'warning',
    point: 'c*.residualCurrentMa',
    direction: 'above',
    threshold: 300,
    deadband: 30,
    onDelayMs: 5_000,
    offDelayMs: 10_000,
    source:
      'GB 50116-2013 9.2.3 commentary: set 300-500 mA, 300 mA may cause fire [S]; 5 s: default of residual-current ' +
      'monitors [S]; GB 14287.2-2014: alarm within 30 s [M]; dead-band and off-delay ours',
  },
  {
    id: 'residual-current-alarm',
    kind: 'residualCurrent',
    level: 'alarm',
    point: 'c*.residualCurrentMa',
    direction: 'above',
    threshold: 500,
    deadband: 50,
    onDelayMs: 5_000,
    offDelayMs: 10_000,
    source:
      'GB 50116-2013 9.2.3 commentary: set 300-500 mA [S]; 5 s: default of residual-current monitors [S]; ' +
      'GB 14287.2-2014: alarm within 30 s [M]; dead-band and off-delay ours',
  },
  {
    id: 'over-voltage-warning',
    kind: 'overVoltage',
    level: 'warning',
    point: 'c*.voltageV',
    direction: 'above',
    // 220 V + 10 %: the quality limit of + 7 % (235.4 V) is no hazard, and a supply of 230 V comes close to it.
    threshold: 242,
    deadband: 4,
    onDelayMs: 60_000,
    offDelayMs: 60_000,
    source: 'GB/T 12325-2008: 220 V + 7 % [M]; + 10 % and delays ours',
  },
  {
    id: 'over-voltage-alarm',
    kind: 'overVoltage',
    level: 'alarm',
    point: 'c*.voltageV',
    direction: 'above',
    threshold: 275,
    deadband: 10,
    onDelayMs: 3_000,
    offDelayMs: 10_000,
    source: 'EN 50550: a protector acts at 275 V after 3-15 s [M]; dead-band and off-delay ours',
  },
  {
    id: 'under-voltage-warning',
    kind: 'underVoltage',
    level: 'warning',
    point: 'c*.voltageV',
    direction: 'below',
    threshold: 198,
    deadband: 4,
    onDelayMs: 60_000,
    offDelayMs: 60_000,
    // IEC 61000-4-30 5.5: below a few per cent of nominal it is an interruption, not a dip [M]. 22 V is 10 % of 220 V.
    ignoreBelow: 22,
    source: 'GB/T 12325-2008: 220 V - 10 % [M]; delays ours',
  },
  {
    id: 'under-voltage-alarm',
    kind: 'underVoltage',
    level: 'alarm',
    point: 'c*.voltageV',
    direction: 'below',
    threshold: 165,
    deadband: 10,
    onDelayMs: 10_000,
    offDelayMs: 10_000,
    ignoreBelow: 22,
    source: 'ours: 75 % of 220 V, where motors stall and heat',
  },
  {
    id: 'smoke-warning',
    kind: 'smoke',
    level: 'warning',
    point: 'smoke.obscurationPctPerM',
    direction: 'above',
    // 0.1 dB/m = 2.28 %/m
    threshold: 2.28,
    deadband: 0.5,
    onDelayMs: 10_000,
    offDelayMs: 30_000,
    source: 'GB 4715: point detectors 0.05-0.5 dB/m [M]; 0.1 dB/m and delays ours',
  },
  {
    id: 'smoke-alarm',
    kind: 'smoke',
    level: 'alarm',
    point: 'smoke.obscurationPctPerM',
    direction: 'above',
    // 0.2 dB/m = 4.50 %/m
    threshold: 4.5,
    deadband: 1,
    onDelayMs: 5_000,
    offDelayMs: 30_000,
    source: 'GB 4715: point detectors 0.05-0.5 dB/m [M]; 0.2 dB/m and delays ours',
  },
  {
    id: 'heat-warning',
    kind: 'heat',
    level: 'warning',
    point: 'heat.temperatureC',
    direction: 'above',
    threshold: 50,
    deadband: 3,
    onDelayMs: 10_000,
    offDelayMs: 30_000,
    source: 'EN 54-5 class A1: highest temperature of use 50 °C [M]; delays ours',
  },
  {
    id: 'heat-alarm',
    kind: 'heat',
    level: 'alarm',
    point: 'heat.temperatureC',
    direction: 'above',
    threshold: 57,
    deadband: 3,
    onDelayMs: 5_000,
    offDelayMs: 30_000,
    source: 'EN 54-5 class A1: static response 54-65 °C [M]; 57 °C and delays ours',
  },
  {
    id: 'gas-warning',
    kind: 'gas',
    level: 'warning',
    point: 'gas.lelPct',
    direction: 'above',
    threshold: 20,
    deadband: 5,
    onDelayMs: 3_000,
    offDelayMs: 30_000,
    source: 'GB 15322.1-2019: low alarm 5-25 %LEL, response within 30 s [M]; 20 %LEL, dead-band and delays ours',
  },
  {
    id: 'gas-alarm',
    kind: 'gas',
    level: 'alarm',
    point: 'gas.lelPct',
    direction: 'above',
    threshold: 50,
    deadband: 5,
    onDelayMs: 3_000,
    offDelayMs: 30_000,
    source: 'GB 15322.1-2019: high alarm 50 %LEL, response within 30 s [M]; dead-band and delays ours',
  },
];
