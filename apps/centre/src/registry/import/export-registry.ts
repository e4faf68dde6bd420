import { importSheets, type Circuit, type ImportSheet } from '@fengsui/protocol';
import { lifeOf } from '../device-life.ts';
import type { DeviceRecord } from '../registry-change.ts';
import type { Registry } from '../registry.ts';
import type { Scope } from '../../access/scope.ts';
import type { Sheet } from '../workbook/sheet.ts';
import { columnsOfSheet, sheetWords } from './columns.ts';

type Row = Readonly<Record<string, unknown>>;

/** The registry as sheets that `import` reads back to the same; retired devices are left out. */
export function exportRegistry(registry: Registry, scope: Scope, language: 'zh' | 'en' = 'en'): readonly Sheet[] {
  const devices = registry.devices(scope).filter((device) => lifeOf(device) !== 'retired');
  const there = new Set(devices.map(({ id }) => id));
  const rows: Readonly<Record<ImportSheet, readonly Row[]>> = {
    organisations: registry.organisations(scope),
    venues: registry.venues(scope),
    contacts: registry.contacts(scope),
    areas: registry.areas(scope),
    devices: devices.map(deviceRow),
    circuits: registry
      .circuits(scope)
      .filter(({ deviceId }) => there.has(deviceId))
      .map(circuitRow),
  };
  return importSheets.map((sheet): Sheet => {
    const columns = columnsOfSheet[sheet];
    const spoken = (words: string): string => words.split('|')[0] ?? words;
    const heading = columns.map(({ key, zh }) => (language === 'zh' ? spoken(zh) : key));
    const sorted = [...rows[sheet]].sort((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
    return {
      name: language === 'zh' ? spoken(sheetWords[sheet]) : sheet,
      rows: [
        { number: 1, cells: heading },
        ...sorted.map((row, index) => ({ number: index + 2, cells: columns.map(({ key }) => textOf(row[key])) })),
      ],
    };
  });
}

const sortKey = (row: Row): string => textOf(row['id'] ?? `${textOf(row['deviceId'])}/${textOf(row['prefix'])}`);

const deviceRow = (device: DeviceRecord): Row => ({
  ...device,
  reportingIntervalS: device.reportingIntervalMs / 1_000,
  life: lifeOf(device),
  gbAddress: device.gb?.address,
  gbProfile: device.gb?.profile,
  gbAllow: device.gb?.allow?.join('; '),
});

const circuitRow = ({ cable, ...circuit }: Circuit): Row => ({ ...circuit, ...cable });

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
