import { parseArgs } from 'node:util';
import { LoadJudgement, loadVerdicts, page, type LoadVerdict } from '@fengsui/protocol';
import {
  judge,
  learnJudgement,
  nothingTaught,
  readRecent,
  readTaught,
  revise,
  teachingFilesOf,
  writeTaught,
  type CentreJudgement,
  type RecentLoad,
  type TaughtLoads,
  type TeachingFiles,
} from '@fengsui/terminal';
import { Check } from 'typebox/value';
import { UsageError } from '../command.ts';

export const teachUsage = [
  'fengsui terminal teach list --state d1.json',
  'fengsui terminal teach confirm c1-mi8x2k-4 --state d1.json',
  "fengsui terminal teach rename c1-mi8x2k-4 'kettle in the pantry' --state d1.json",
  'fengsui terminal teach reject c1-mi8x2k-4 --state d1.json',
  'fengsui terminal teach --pull http://127.0.0.1:8119 --device D1 --state d1.json',
  'fengsui terminal teach history|forget d3|roll-back 7 --circuit c1 --state d1.json',
  '',
  'The state file is the one the terminal runs with; a running terminal takes up what it was taught within seconds.',
  '--pull learns what people said at the centre; its token comes from FENGSUI_TOKEN.',
].join('\n');

type Call = { readonly files: TeachingFiles; readonly circuit?: string; readonly by?: string };

/** `fengsui terminal teach …`. */
export async function teachTerminal(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      state: { type: 'string' },
      circuit: { type: 'string' },
      by: { type: 'string' },
      pull: { type: 'string' },
      device: { type: 'string' },
    },
  });
  const { state, circuit, by, pull, device } = values;
  if (state === undefined) throw new UsageError('--state FILE is needed: the state the terminal runs with');
  const call: Call = {
    files: teachingFilesOf(state),
    ...(circuit !== undefined && { circuit }),
    ...(by !== undefined && { by }),
  };
  const [action, ...rest] = positionals;
  if (pull !== undefined) return pullJudgements(call, pull, device);
  const verdict = loadVerdicts.find((candidate) => candidate === action);
  if (verdict !== undefined) return teachOne(call, verdict, rest);
  switch (action) {
    case 'list':
      return list(call);
    case 'history':
      return history(call);
    case 'forget':
      return reviseOne(call, { kind: 'forget', deviceId: one(rest, 'a device id such as d3') });
    case 'roll-back': {
      const toVersion = Number(one(rest, 'a version'));
      if (!Number.isInteger(toVersion)) throw new UsageError(`version is ${rest[0] ?? ''}, a whole number expected`);
      return reviseOne(call, { kind: 'rollBack', toVersion });
    }
    default:
      throw new UsageError('teach what? list, confirm, rename, reject, history, forget, roll-back, or --pull URL');
  }
}

function teachOne({ files, by }: Call, verdict: LoadVerdict, [loadEventId, name]: readonly string[]): number {
  if (loadEventId === undefined) throw new UsageError(`${verdict} which load event? "teach list" shows them`);
  const load = recentLoad(files, loadEventId);
  if (load === undefined) {
    throw new Error(`${files.recent}: no load event ${loadEventId}; it is not of this terminal, or too old`);
  }
  const judgement = { verdict, at: Date.now(), ...(name !== undefined && { name }), ...(by !== undefined && { by }) };
  const before = taughtOf(files, load.prefix);
  const next = judge(before, load, judgement);
  keep(files, load.prefix, next);
  console.log(`${load.prefix} version ${next.enrolled.version}: ${devicesOf(next)}`);
  return 0;
}

/** Learns the judgements of the centre in their order; those learned before, or of events too old, are passed over. */
async function pullJudgements({ files }: Call, centre: string, deviceId: string | undefined): Promise<number> {
  if (deviceId === undefined) throw new UsageError('--device ID is needed with --pull');
  const token = process.env['FENGSUI_TOKEN'];
  if (token === undefined) throw new UsageError('FENGSUI_TOKEN is not set: a token of the centre is needed');
  const url = new URL(`/api/v1/devices/${encodeURIComponent(deviceId)}/load-judgements`, centre);
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(15_000),
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok || !Check(page(LoadJudgement), body)) {
    throw new Error(`${url.href}: answered ${response.status}, a list of judgements expected`);
  }
  let learned = 0;
  let passed = 0;
  for (const { at, ...judgement } of body.items) {
    if (isLearned(files, { ...judgement, at: Date.parse(at) })) learned += 1;
    else passed += 1;
  }
  console.log(
    `${learned} judgements learned, ${passed} passed over (learned before, nothing to learn, or the switching is too old)`,
  );
  return 0;
}

/** One that means nothing here is told and passed over: those behind it must be learned all the same. */
function isLearned(files: TeachingFiles, judgement: CentreJudgement): boolean {
  try {
    return learnJudgement(files, judgement).learned;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    console.error(error.message);
    return false;
  }
}

function list({ files }: Call): number {
  for (const { loadEventId, at, kind, activePowerW, named } of readRecent(files)) {
    const what =
      named === undefined ? 'unknown' : `${named.name} (${named.level}, ${(100 * named.confidence).toFixed(0)} %)`;
    const way = kind === 'loadOn' ? 'on ' : 'off';
    console.log(
      `${loadEventId}  ${new Date(at).toISOString()}  ${way} ${activePowerW.toFixed(0).padStart(6)} W  ${what}`,
    );
  }
  return 0;
}

function history({ files, circuit }: Call): number {
  for (const [prefix, { enrolled }] of Object.entries(readTaught(files))) {
    if (circuit !== undefined && circuit !== prefix) continue;
    for (const { version, at, by, act } of enrolled.history) {
      const about = 'deviceId' in act ? act.deviceId : `to ${act.toVersion}`;
      const name = 'name' in act ? ` ${act.name}` : '';
      console.log(`${prefix}  ${version}  ${new Date(at).toISOString()}  ${by ?? '-'}  ${act.kind} ${about}${name}`);
    }
  }
  return 0;
}

function reviseOne({ files, circuit }: Call, revision: Parameters<typeof revise>[1]): number {
  if (circuit === undefined) throw new UsageError('--circuit c1 is needed: each circuit has its own devices');
  const next = revise(taughtOf(files, circuit), revision, Date.now());
  keep(files, circuit, next);
  console.log(`${circuit} version ${next.enrolled.version}: ${devicesOf(next)}`);
  return 0;
}

function recentLoad(files: TeachingFiles, loadEventId: string): RecentLoad | undefined {
  return readRecent(files).find((candidate) => candidate.loadEventId === loadEventId);
}

function taughtOf(files: TeachingFiles, prefix: string): TaughtLoads {
  return readTaught(files)[prefix] ?? nothingTaught();
}

function keep(files: TeachingFiles, prefix: string, taught: TaughtLoads): void {
  writeTaught(files, { ...readTaught(files), [prefix]: taught });
}

function devicesOf({ enrolled }: TaughtLoads): string {
  const words = enrolled.devices.map(({ deviceId, name, templates }) => `${deviceId} ${name} (${templates.length})`);
  return words.join(', ') || 'no device';
}

function one(rest: readonly string[], what: string): string {
  const [value, ...others] = rest;
  if (value === undefined || others.length > 0) throw new UsageError(`${what} is needed, and nothing else`);
  return value;
}
