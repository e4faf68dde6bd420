import { parseArgs } from 'node:util';
import { relayModes, type RelaySettings } from '@fengsui/protocol';
import { administer } from '../administer.ts';
import { UsageError } from '../command.ts';

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  venue: { type: 'string', multiple: true },
  device: { type: 'string', multiple: true },
  organisation: { type: 'string', multiple: true },
  address: { type: 'string', multiple: true },
  'source-address': { type: 'string' },
  'no-reads': { type: 'boolean' },
  'duty-checks': { type: 'boolean' },
  'confirm-within': { type: 'string' },
  keep: { type: 'string' },
  mode: { type: 'string' },
  reason: { type: 'string' },
  json: { type: 'boolean' },
  data: { type: 'string' },
} as const;

/** `fengsui gb26875 relay list|put|mode`: other centres that frames are passed on to. */
export async function relayCommand([action, ...args]: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  if (action === 'list') {
    const relays = await administer(values.data, 'listRelays', {});
    for (const relay of relays)
      console.log(values.json ? JSON.stringify(relay) : `${relay.id}  ${relay.mode}  ${relay.host}:${relay.port}`);
    return 0;
  }
  if (action !== 'put' && action !== 'mode')
    throw new UsageError(`gb26875 relay ${action ?? ''}: expected list, put, mode`);
  const { id } = values;
  if (id === undefined) throw new UsageError('--id is needed');
  if (action === 'put') {
    const relay = await administer(values.data, 'putRelay', { id, settings: settingsOf(values) });
    console.error(`relay ${id} leads to ${relay.host}:${relay.port} and is ${relay.mode}`);
    return 0;
  }
  const mode = relayModes.find((word) => word === values.mode);
  if (mode === undefined) throw new UsageError(`--mode ${values.mode ?? ''}: expected ${relayModes.join(', ')}`);
  if (values.reason === undefined || values.reason.trim() === '')
    throw new UsageError('--reason is needed: it is kept');
  const before = (await administer(values.data, 'listRelays', {})).find((relay) => relay.id === id)?.mode;
  const relay = await administer(values.data, 'setRelayMode', { id, mode, reason: values.reason });
  console.error(`relay ${id}: ${before ?? ''} → ${relay.mode}`);
  return 0;
}

type Values = { readonly [Name in keyof typeof options]?: string | boolean | string[] };

function settingsOf(values: Values): RelaySettings {
  const text = (name: keyof typeof options): string | undefined =>
    typeof values[name] === 'string' ? values[name] : undefined;
  const list = (name: keyof typeof options): string[] | undefined =>
    Array.isArray(values[name]) ? values[name] : undefined;
  const number = (name: keyof typeof options): number | undefined => {
    const given = text(name);
    if (given !== undefined && !/^\d{1,7}$/.test(given)) throw new UsageError(`--${name} ${given}: expected a number`);
    return given === undefined ? undefined : Number(given);
  };
  const [host, port] = [text('host'), number('port')];
  if (host === undefined || port === undefined) throw new UsageError('--host and --port are needed');
  const [venueIds, deviceIds, organisationIds, addresses] = [
    list('venue'),
    list('device'),
    list('organisation'),
    list('address'),
  ];
  const covers = {
    ...(venueIds !== undefined && { venueIds }),
    ...(deviceIds !== undefined && { deviceIds }),
    ...(organisationIds !== undefined && { organisationIds }),
    ...(addresses !== undefined && { addresses }),
  };
  const [name, sourceAddress] = [text('name'), text('source-address')];
  const [confirmWithinS, keepFrames] = [number('confirm-within'), number('keep')];
  return {
    host,
    port,
    ...(name !== undefined && { name }),
    ...(Object.keys(covers).length > 0 && { covers }),
    ...(sourceAddress !== undefined && { sourceAddress }),
    ...(values['no-reads'] === true && { passReads: false }),
    ...(values['duty-checks'] === true && { passDutyChecks: true }),
    ...(confirmWithinS !== undefined && { confirmWithinMs: 1_000 * confirmWithinS }),
    ...(keepFrames !== undefined && { keepFrames }),
  };
}
