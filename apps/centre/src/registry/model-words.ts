import type { DeviceModel, Label, ModelWords } from '@fengsui/protocol';

/** Every word the models bring along. Of two models that name the same thing the first by id is heard. */
export function modelWords(models: readonly DeviceModel[]): ModelWords {
  const families: Record<string, Label> = {};
  const kinds: Record<string, Label> = {};
  const quantities: Record<string, Label> = {};
  const units: Record<string, string> = {};
  for (const model of [...models].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const [family, label] of Object.entries(model.families ?? {})) families[family] ??= label;
    for (const { kind, label } of model.events) if (label !== undefined) kinds[kind] ??= label;
    for (const { id, unit, label } of model.points) {
      const quantity = id.slice(id.indexOf('.') + 1);
      units[quantity] ??= unit;
      if (label !== undefined) quantities[quantity] ??= label;
    }
  }
  return { families, kinds, quantities, units };
}
