import type { DeviceModel } from '@fengsui/protocol';

const prefixesOf = (model: DeviceModel | undefined, letter: string): readonly string[] => {
  const prefixes = (model?.points ?? []).map(({ id }) => id.slice(0, id.indexOf('.')));
  return [...new Set(prefixes)].filter((prefix) => new RegExp(`^${letter}\\d+$`).test(prefix));
};

/** Circuits that a device of the model measures: `c1` … */
export const circuitsOfModel = (model: DeviceModel | undefined): readonly string[] => prefixesOf(model, 'c');

/** Temperature points of the model: `t1` … */
export const probesOfModel = (model: DeviceModel | undefined): readonly string[] => prefixesOf(model, 't');
