import { parseArgs } from 'node:util';
import { workOrderStates, type WorkOrder, type WorkOrderStep } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { DEFAULT_LIMIT, limitOf, listOptions } from '../list-limit.ts';

/** Work orders, with the centre running or stopped. */
export const workCommand: Command = {
  usage: [
    'fengsui work list',
    'fengsui work list --state repaired,failedVerification --json',
    'fengsui work show 12',
    '',
    'list: those that are not closed, newest first. show: one by its number, with its history.',
    `States: ${workOrderStates.join(' ')}`,
    `Options: --state LIST  --limit N (${DEFAULT_LIMIT})  --json  --data DIR`,
  ].join('\n'),
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        state: { type: 'string' },
        ...listOptions,
      },
    });
    const [what, number] = positionals;
    if (what === 'list') return list(values);
    if (what === 'show') return show(number, values);
    throw new UsageError('work list, or work show NUMBER');
  },
};

type Values = { readonly state?: string; readonly limit?: string; readonly json?: boolean; readonly data?: string };

async function list({ state, limit, json, data }: Values): Promise<number> {
  const count = limitOf(limit);
  const states = state?.split(',').map((word) => {
    const known = workOrderStates.find((name) => name === word);
    if (known === undefined) throw new UsageError(`--state ${word}: expected one of ${workOrderStates.join(', ')}`);
    return known;
  });
  const orders = await administer(data, 'workOrders', { limit: count, ...(states !== undefined && { states }) });
  for (const order of orders) console.log(json ? JSON.stringify(order) : lineOf(order));
  if (!json && orders.length === 0) console.error('no such work order');
  return 0;
}

async function show(given: string | undefined, { json, data }: Values): Promise<number> {
  const number = Number(given);
  if (!Number.isInteger(number) || number < 1) throw new UsageError('work show NUMBER: the number of a work order');
  const { order, steps } = await administer(data, 'workOrder', { number });
  if (json) console.log(JSON.stringify({ ...order, steps }));
  else for (const line of [lineOf(order), ...steps.map(stepLine)]) console.log(line);
  return 0;
}

/** Columns divided by tabs: number, priority, state, due, device, faults, assignee. */
function lineOf({
  number,
  priority,
  state,
  overdue,
  dueAt,
  deviceId,
  faults,
  faultCount,
  assignee,
}: WorkOrder): string {
  const kinds = [...new Set(faults.map(({ kind }) => kind))].join('+') || 'blind';
  const due = `${overdue ? 'LATE ' : ''}${dueAt}`;
  return [number, priority, state, due, deviceId, `${kinds} x${faultCount}`, assignee?.id ?? '-'].join('\t');
}

const stepLine = ({ at, kind, by, note }: WorkOrderStep): string =>
  ['', at, kind, by ?? 'centre', ...(note === undefined ? [] : [note])].join('\t');
