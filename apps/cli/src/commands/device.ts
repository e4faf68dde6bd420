import { parseArgs } from 'node:util';
import { deviceLifeStates, type DeviceLifeState } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

const options = {
  id: { type: 'string' },
  model: { type: 'string' },
  venue: { type: 'string' },
  parent: { type: 'string' },
  name: { type: 'string' },
  area: { type: 'string' },
  'area-id': { type: 'string' },
  life: { type: 'string' },
  'gb-address': { type: 'string' },
  'gb-profile': { type: 'string' },
  'gb-allow': { type: 'string', multiple: true },
  reason: { type: 'string' },
  passed: { type: 'boolean' },
  failed: { type: 'boolean' },
  point: { type: 'string' },
  claim: { type: 'boolean' },
  json: { type: 'boolean' },
  data: { type: 'string' },
} as const;

type Given = {
  readonly values: ReturnType<typeof parseArgs<{ options: typeof options; allowPositionals: true }>>['values'];
  readonly ids: readonly string[];
};

export const deviceCommand: Command = {
  usage: [
    'fengsui device create --id D1 --model generic-terminal --venue V1 --json',
    'fengsui device create --id S1 --model generic-smoke --venue V1 --parent GW1',
    'fengsui device create --id U1 --model generic-uitd --venue V1 --gb-address 010000000000',
    'fengsui device state D1 maintenance --reason "probe t2 is loose"',
    'fengsui device test S1 --passed --point smoke --reason "test gas, alarm on screen"',
    'fengsui device replace S1 S2 --reason "sensor drifts"',
    'fengsui device create --id D2 --model generic-terminal --venue V1 --claim',
    'fengsui device claim D1',
    'fengsui device rotate D1',
    'fengsui device keys',
    'fengsui device secret D1',
    'fengsui device revoke --id D1',
    '',
    '--claim and claim print {deviceId,claimCode,expiresAt} instead of the secret: `fengsui terminal enrol` takes the code,',
    'once. rotate gives a new secret; the old one is valid until the new one was used, for 24 h at most. keys prints the',
    'public keys whose commands devices obey (terminal --command-keys FILE).',
    'create, replace and secret print {deviceId,secret}; the secret is shown this once. A venue that does not exist is',
    'made with the device. replace retires the first device; the second takes its place, circuits and children.',
    `States: ${deviceLifeStates.join(' ')}; retired is for good`,
    'Options: --id ID  --model MODEL  --venue ID  --parent ID  --name TEXT  --area TEXT  --area-id ID  --life STATE',
    '         --gb-address HEX  --gb-profile ID  --gb-allow ADDRESS (repeatable)  --reason TEXT  --point POINT',
    '         --claim  --passed  --failed  --json  --data DIR',
    'Models: fengsui model list',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true });
    const ids = values.id === undefined ? positionals : [values.id, ...positionals];
    const run = Object.hasOwn(actions, action ?? '') ? actions[action as keyof typeof actions] : undefined;
    if (run === undefined) throw new UsageError(`device ${action ?? ''}: expected ${Object.keys(actions).join(', ')}`);
    return run({ values, ids });
  },
};

const actions = { create, claim, rotate, keys, state, test, replace, secret, revoke } as const;

async function create({ values, ids }: Given): Promise<number> {
  const { model, venue, parent, name, area, data, 'area-id': areaId } = values;
  const [id] = ids;
  if (id === undefined || model === undefined || venue === undefined)
    throw new UsageError('--id, --model and --venue are needed');
  const gb = gbOf(values);
  const created = await administer(data, 'createDevice', {
    id,
    model,
    venueId: venue,
    ...(parent !== undefined && { parentId: parent }),
    ...(name !== undefined && { name }),
    ...(area !== undefined && { area }),
    ...(areaId !== undefined && { areaId }),
    ...(values.life !== undefined && { life: lifeState('--life', values.life) }),
    ...(gb !== undefined && { gb }),
  });
  if (created.venueCreated) console.error(`venue ${venue} did not exist and was made (class office)`);
  if (values.claim === true) return claim({ values, ids });
  return showSecret(values, created);
}

function gbOf({ 'gb-address': address, 'gb-profile': profile, 'gb-allow': allow }: Given['values']) {
  if (address === undefined) {
    if (profile !== undefined || allow !== undefined)
      throw new UsageError('--gb-profile and --gb-allow need --gb-address');
    return undefined;
  }
  return {
    address: address.toLowerCase(),
    ...(profile !== undefined && { profile }),
    ...(allow !== undefined && { allow }),
  };
}

async function state({ values, ids }: Given): Promise<number> {
  const [id, to] = ids;
  if (id === undefined || to === undefined || values.reason === undefined)
    throw new UsageError('a device, a state and --reason are needed');
  const { life } = await administer(values.data, 'changeDeviceLife', {
    id,
    state: lifeState('STATE', to),
    reason: values.reason,
  });
  console.log(values.json ? JSON.stringify({ deviceId: id, life }) : `device ${id} is ${life}`);
  return 0;
}

async function test({ values, ids }: Given): Promise<number> {
  const { passed = false, failed = false, point, reason } = values;
  const [id] = ids;
  if (id === undefined || passed === failed) throw new UsageError('a device and one of --passed, --failed are needed');
  await administer(values.data, 'testDevice', {
    id,
    passed,
    ...(point !== undefined && { point }),
    ...(reason !== undefined && { note: reason }),
  });
  console.error(`test of ${id} recorded: ${passed ? 'passed' : 'failed'}`);
  return 0;
}

async function replace({ values, ids }: Given): Promise<number> {
  const [oldId, newId] = ids;
  const { model, reason } = values;
  if (oldId === undefined || newId === undefined || reason === undefined)
    throw new UsageError('the old device, the new one and --reason are needed');
  const replacement = { oldId, newId, reason, ...(model !== undefined && { model }) };
  return showSecret(values, await administer(values.data, 'replaceDevice', replacement));
}

async function claim({ values, ids }: Given): Promise<number> {
  const [id] = ids;
  if (id === undefined) throw new UsageError('a device is needed');
  const { deviceId, claimCode, expiresAt } = await administer(values.data, 'claimDevice', { id });
  const shown = `device ${deviceId}\nclaim  ${claimCode}\nuntil  ${expiresAt}`;
  console.log(values.json ? JSON.stringify({ deviceId, claimCode, expiresAt }) : shown);
  return 0;
}

async function rotate({ values, ids }: Given): Promise<number> {
  const [id] = ids;
  if (id === undefined) throw new UsageError('a device is needed');
  const rotated = await administer(values.data, 'rotateSecret', { id });
  console.error(`the old secret of ${id} is valid until the new one was used, at most until ${rotated.oldValidUntil}`);
  return showSecret(values, rotated);
}

async function keys({ values }: Given): Promise<number> {
  console.log(JSON.stringify(await administer(values.data, 'commandKeys', {}), undefined, values.json ? 0 : 2));
  return 0;
}

async function secret({ values, ids }: Given): Promise<number> {
  const [id] = ids;
  if (id === undefined) throw new UsageError('a device is needed');
  return showSecret(values, await administer(values.data, 'renewSecret', { id }));
}

async function revoke({ values, ids }: Given): Promise<number> {
  const [id] = ids;
  if (id === undefined) throw new UsageError('--id is needed');
  await administer(values.data, 'revokeDevice', { id });
  console.error(`the credential of ${id} is revoked`);
  return 0;
}

function showSecret(
  { json }: Given['values'],
  { deviceId, secret: shown }: { readonly deviceId: string; readonly secret: string },
): number {
  console.log(json ? JSON.stringify({ deviceId, secret: shown }) : `device ${deviceId}\nsecret ${shown}`);
  return 0;
}

function lifeState(what: string, given: string): DeviceLifeState {
  const known = deviceLifeStates.find((candidate) => candidate === given);
  if (known === undefined) throw new UsageError(`${what} is ${given}: expected one of ${deviceLifeStates.join(', ')}`);
  return known;
}
