import { parseArgs } from 'node:util';
import { callControlSocket } from '@fengsui/centre/control-socket';
import { chooseFolder } from '../administer.ts';
import type { Command } from '../command.ts';
import { readMetrics } from '../doctor/judge-metrics.ts';

/** Four rounds of the canary: by then the desk has a fault, and a restart is worth trying. */
const LONGEST_CANARY_AGE_S = 240;

export const aliveCommand: Command = {
  usage: [
    'fengsui alive --data DIR',
    '',
    'Exit 0 when a centre runs on the folder and canary alarms come through, 1 otherwise: for health checks of',
    'containers and service managers. Asks the local socket; fengsui doctor says what is wrong.',
  ].join('\n'),
  async run(args) {
    const { values } = parseArgs({ args: [...args], options: { data: { type: 'string' } } });
    const answer = await callControlSocket(await chooseFolder(values.data), 'metrics', {});
    const text = answer !== undefined && 'result' in answer ? answer.result : undefined;
    if (typeof text !== 'string') {
      console.log('no centre answers');
      return 1;
    }
    const metrics = readMetrics(text);
    if (!metrics.has('fengsui_canary_last_seconds')) {
      console.log('no canary alarm has come through yet');
      return 1;
    }
    const ageS = metrics.get('fengsui_canary_age_seconds') ?? Infinity;
    if (ageS > LONGEST_CANARY_AGE_S) {
      console.log(`no canary alarm has come through for ${Math.round(ageS)} s`);
      return 1;
    }
    console.log(`alive: a canary alarm came through ${Math.round(ageS)} s ago`);
    return 0;
  },
};
