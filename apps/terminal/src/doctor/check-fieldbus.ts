import type { FieldbusConfig } from '../fieldbus/fieldbus-file.ts';
import { decodeBlock } from '../modbus/decode-block.ts';
import { ModbusFailure, type ModbusLink } from '../modbus/modbus-link.ts';
import { openModbusLink, wordsOfAddress } from '../modbus/open-modbus-link.ts';
import { readPlan } from '../modbus/read-plan.ts';
import { fail, ok, warn, wordsOf, type DoctorFinding } from './finding.ts';

const remedies: Readonly<Record<ModbusFailure['reason'], string>> = {
  notConnected: 'address, port or device file of the bus, and rights on it (group dialout)',
  timeout: 'unit address, baud rate, parity, A/B wires, terminating resistor: fengsui terminal modbus scan',
  exception: 'another map or firmware: fengsui terminal modbus try MAP',
  garbled: 'two units of one address, or noise on the line',
};

/** Asks every meter, contact and breaker contact once. Nothing is written. */
export async function checkFieldbus({
  buses,
  meters,
  inputs,
  breakers,
}: FieldbusConfig): Promise<readonly DoctorFinding[]> {
  const findings: DoctorFinding[] = [];
  for (const { id, address, timeoutMs } of buses) {
    const link = openModbusLink(address, timeoutMs === undefined ? {} : { timeoutMs });
    try {
      for (const meter of meters.filter(({ bus }) => bus === id)) findings.push(await checkMeter(link, meter));
      const bits = [
        ...inputs.filter(({ bus }) => bus === id).map(({ id: name, ...bit }) => ({ name: `contact ${name}`, ...bit })),
        ...breakers
          .filter(({ bus }) => bus === id)
          .map(({ circuit, unit, readBack }) => ({ name: `breaker ${circuit}`, unit, ...readBack })),
      ];
      for (const { name, unit, table, address: at } of bits) {
        findings.push(
          await link.read({ unit, table, address: at, count: 1 }).then(
            ([bit]) => ok(name, `unit ${unit}, ${table} ${at} is ${bit}`),
            (error: unknown) => failed(name, error),
          ),
        );
      }
      if (findings.length === 0)
        findings.push(warn(`bus ${id}`, `nothing is on ${wordsOfAddress(address)}`, 'remove it'));
    } finally {
      await link.close();
    }
  }
  return findings;
}

async function checkMeter(link: ModbusLink, meter: FieldbusConfig['meters'][number]): Promise<DoctorFinding> {
  const { id, unit, map, points } = meter;
  const name = `meter ${id}`;
  const bad: string[] = [];
  let good = 0;
  for (const block of readPlan(map, (point) => points.has(point))) {
    let words: readonly number[];
    try {
      words = await link.read({ unit, table: block.table, address: block.address, count: block.count });
    } catch (error) {
      return failed(name, error);
    }
    for (const [point, value] of decodeBlock(map, block, words).values) {
      if ('value' in value) good += 1;
      else bad.push(`${points.get(point) ?? point}: ${value.bad}`);
    }
  }
  if (bad.length > 0) return warn(name, bad.join('; '), 'not wired, or another map: fengsui terminal modbus try MAP');
  return ok(name, `unit ${unit}, ${map.name}: ${good} values`);
}

function failed(name: string, error: unknown): DoctorFinding {
  const reason = error instanceof ModbusFailure ? error.reason : 'garbled';
  return fail(name, wordsOf(error), remedies[reason]);
}
