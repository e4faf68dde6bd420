import process from 'node:process';
import { parseArgs } from 'node:util';
import { ApiClient, readTruth, verify } from '@fengsui/fleet';
import { UsageError } from '../command.ts';

/** `fengsui simulate verify`: a truth file against the centre's API. */
export async function runVerify(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      truth: { type: 'string' },
      api: { type: 'string', default: 'http://127.0.0.1:8119' },
      token: { type: 'string' },
      settle: { type: 'string', default: '30' },
      late: { type: 'string', default: '10' },
    },
  });
  const token = values.token ?? process.env['FENGSUI_TOKEN'];
  if (values.truth === undefined) throw new UsageError('--truth is needed');
  if (token === undefined) throw new UsageError('--token or FENGSUI_TOKEN is needed: role integrator or technician');
  if (!URL.canParse(values.api) || !/^https?:$/.test(new URL(values.api).protocol))
    throw new UsageError(`--api ${values.api}: expected http://host:port or https://host:port`);
  const verdict = await verify({
    api: new ApiClient(new URL(values.api), token),
    truth: await readTruth(values.truth),
    settleMs: seconds('--settle', values.settle),
    lateMs: seconds('--late', values.late),
    log: (words) => console.error(words),
  });
  console.log(JSON.stringify(verdict));
  return verdict.ok ? 0 : 1;
}

function seconds(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 86_400) return value * 1000;
  throw new UsageError(`${name} ${text}: expected 0 to 86400 seconds`);
}
