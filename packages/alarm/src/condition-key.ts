/** What makes two reports speak of the same thing: design.md 5.1. */
export type ConditionKey = { readonly deviceId: string; readonly prefix: string; readonly kind: string };

/**
 * Key of a condition. `t1.temperatureC` and `t1` name one condition: the prefix is the text before the first dot.
 * An empty point ('') is the device itself.
 *
 * @example conditionKeyOf('d7', 't1.temperatureC', 'overTemperature') // { deviceId: 'd7', prefix: 't1', kind: … }
 */
export function conditionKeyOf(deviceId: string, pointOrPrefix: string, kind: string): ConditionKey {
  const dot = pointOrPrefix.indexOf('.');
  return { deviceId, prefix: dot < 0 ? pointOrPrefix : pointOrPrefix.slice(0, dot), kind };
}

/**
 * Stable, readable and injective text of a key, for a store's primary key: `d7/t1/overTemperature`.
 * Slashes and per cent signs of the parts are escaped, so that two keys never share an id.
 */
export function conditionId(key: ConditionKey): string {
  return [key.deviceId, key.prefix, key.kind].map(escapePart).join('/');
}

function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll('/', '%2F');
}
