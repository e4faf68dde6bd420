import { ruleOfLimit, type Rule } from '@fengsui/alarm';
import type { DeviceRecord } from '../registry/registry-change.ts';
import type { Situation } from '../situation/situation.ts';

/** The rule as it stands for the device; undefined when it is off there, or nobody has such a rule. */
export function ruleInForce({ registry, limits }: Situation, id: string, device: DeviceRecord): Rule | undefined {
  const model = device.gb === undefined ? device.model : undefined;
  const own = registry.rules.on(id, registry.rulePlace(device.venueId, model));
  if (own !== undefined) return own.rule.test.kind === 'off' ? undefined : own.rule;
  const limit = limits.rule(id, device);
  return limit && ruleOfLimit(limit);
}
