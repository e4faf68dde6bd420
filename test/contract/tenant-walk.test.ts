import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiClient, type AlarmRow, type Answer, type Page } from './client/api-client.ts';
import { ContractCentre } from './client/contract-centre.ts';
import { eventually } from './client/eventually.ts';
import { isObject, OpenApiDocument, type Json, type Operation } from './client/openapi-document.ts';
import { bodyOf } from './client/operation-tables.ts';
import { FOREIGN, TwoVenues } from './client/two-venues.ts';
import { bodiesThatName, namesNothingForeign, type Named } from './walk/foreign-bodies.ts';
import { openToAnyone, rolesWalked, whoMay, type WalkedRole } from './walk/who-may.ts';

const MISSING = 'missing9';
/** Says what is in a body or a query besides its own thing. */
const NAMES_A_THING = /(?:^id|Ids?|username|source|assignee)$/;
const QUERY_FILTERS = ['venueId', 'deviceId', 'alarmId', 'captureId', 'source', 'point', 'assignee'];

let contract: ContractCentre;
let venues: TwoVenues;
let document: OpenApiDocument;
let operations: readonly Operation[];
let administrator: ApiClient;
let own: Named & { readonly testId: string; readonly orderId: string };
let foreign: Named;
const clients = new Map<WalkedRole, ApiClient>();

before(async () => {
  contract = await ContractCentre.start();
  venues = await TwoVenues.furnish(contract);
  administrator = new ApiClient(contract.process.webUrl, await contract.provision.token('systemAdmin'));
  own = { ...(await furnish('own', venues.own)), testId: venues.own.testId, orderId: venues.own.orderId };
  foreign = await furnish(FOREIGN, venues.foreign);
  document = new OpenApiDocument(await contract.api.get('/api/openapi.json'));
  operations = document.operations();
  for (const [n, role] of rolesWalked.entries()) {
    if (role === 'founder') continue;
    // By a list of venues, or by the organisation that owns them: nothing else may differ.
    const token =
      n % 2 === 0
        ? await contract.provision.token(role, ['V-own'])
        : await contract.provision.token(role, undefined, undefined, own.organisationId);
    clients.set(role, new ApiClient(contract.process.webUrl, token));
  }
});
after(() => contract.dispose());

const nameOf = ({ method, path }: Operation): string => `${method} ${path}`;

/** A gateway, an organisation, an area, a contact, a protected circuit and a source of its own. */
async function furnish(name: string, { deviceId, venueId, alarmId }: TwoVenues['own']): Promise<Named> {
  const things = { areaId: `A-${name}`, organisationId: `O-${name}`, sourceId: `src-${name}` };
  await contract.register(`${deviceId}-g`, { venueId, model: 'generic-gateway' });
  const done = [
    await administrator.call('PUT', `/api/v1/organisations/${things.organisationId}`, {
      kind: 'venueOwner',
      name: `org ${name}`,
    }),
    await administrator.call('PUT', `/api/v1/venues/${venueId}`, {
      name: `venue ${name}`,
      class: 'office',
      organisationId: things.organisationId,
    }),
    await administrator.call('PUT', `/api/v1/areas/${things.areaId}`, {
      venueId,
      kind: 'room',
      name: `room ${name}`,
    }),
    await administrator.call('PUT', `/api/v1/circuits/${deviceId}/c1`, { protectedClass: 'none', name: `of ${name}` }),
    await administrator.call('PUT', `/api/v1/venues/${venueId}/contacts/C-${name}`, {
      name: `person ${name}`,
      role: 'duty',
      phone: '119',
    }),
    await administrator.post('/api/v1/sources', { id: things.sourceId, name: `source ${name}`, venueIds: [venueId] }),
  ];
  for (const { status, text } of done) assert.ok(status < 300, `${name}: ${status} ${text}`);
  return { deviceId, venueId, alarmId, ...things };
}

/** The same address with ids of the same shape that nobody has. */
function absent(text: string): string {
  const { alarmId, commandId, testId, trialId, roundId, orderId, photoId, isolationId, incidentId } = venues.foreign;
  let result = text.replaceAll(FOREIGN, MISSING);
  for (const id of [alarmId, commandId, testId, trialId, roundId, orderId, photoId, isolationId, incidentId])
    result = result.replaceAll(
      id,
      id.replaceAll(/[0-9a-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)),
    );
  return result;
}

const addressOf = (path: string): string => {
  const { sourceId, areaId, organisationId, venueId, deviceId } = foreign;
  if (path.includes('{source}')) return path.replace('{source}', sourceId).replace('{shape}', 'shape');
  if (path.startsWith('/api/v1/areas/')) return path.replace('{id}', areaId);
  if (path.startsWith('/api/v1/organisations/')) return path.replace('{id}', organisationId);
  if (path.includes('{contactId}')) return path.replace('{id}', venueId).replace('{contactId}', `C-${FOREIGN}`);
  if (path.includes('{prefix}')) return path.replace('{deviceId}', deviceId).replace('{prefix}', 'c1');
  return venues.addressesOf(path, 'foreign')[0] ?? path;
};

test('an id of another tenant in a path is answered like one that nobody has, by every operation and role', async () => {
  const openings: string[] = [];
  let asked = 0;
  for (const operation of operations.filter(({ path }) => path.includes('{'))) {
    const name = nameOf(operation);
    if (openToAnyone.includes(name)) continue;
    for (const role of whoMay.get(name) ?? []) {
      const client = clients.get(role);
      if (client === undefined) continue;
      const address = addressOf(operation.path);
      assert.notEqual(absent(address), address, `${name}: no foreign id for this path`);
      const body = bodyOf(operation);
      const [there, nowhere] = [
        await client.call(operation.method, address, body),
        await client.call(operation.method, absent(address), body && absent(JSON.stringify(body))),
      ];
      asked++;
      // A body that is refused before the id is looked up shows nothing of this test.
      if (there.status === 400) assert.fail(`${role}: ${name}: the walk has no body for it: ${there.text}`);
      if (there.status < 400 || there.status >= 500 || absent(there.text) !== nowhere.text)
        openings.push(`${role}: ${name}: ${wordsOf(there)} | ${wordsOf(nowhere)}`);
    }
  }
  assert.ok(asked > 300, `${asked} asked`);
  assert.deepEqual(openings, []);
});

test('a filter that names a thing of another tenant finds what one finds that nobody has', async () => {
  const values: Readonly<Record<string, string>> = {
    venueId: foreign.venueId,
    deviceId: foreign.deviceId,
    alarmId: foreign.alarmId,
    captureId: `${foreign.deviceId}:cap`,
    source: foreign.sourceId,
    point: `${foreign.deviceId}/t1.temperatureC`,
    assignee: FOREIGN,
  };
  const openings: string[] = [];
  let asked = 0;
  for (const operation of operations.filter(({ method, path }) => method === 'GET' && !path.includes('{'))) {
    const name = nameOf(operation);
    const filters = queryOf(operation);
    const unknown = filters.filter((filter) => NAMES_A_THING.test(filter) && !QUERY_FILTERS.includes(filter));
    assert.deepEqual(unknown, [], `${name}: a filter that the walk does not know`);
    for (const role of whoMay.get(name) ?? []) {
      const client = clients.get(role);
      if (client === undefined) continue;
      for (const filter of filters.filter((candidate) => QUERY_FILTERS.includes(candidate))) {
        // Events are asked for of a device.
        const rest = filter === 'captureId' ? `&deviceId=${foreign.deviceId}` : '';
        const address = `${operation.path}?${filter}=${encodeURIComponent(values[filter] ?? '')}${rest}`;
        const there: Answer = await client.call('GET', address);
        const nowhere: Answer = await client.call('GET', absent(address));
        asked++;
        if (there.status === 400) assert.fail(`${role}: GET ${address}: ${there.text}`);
        if (steady(absent(there.text)) !== steady(nowhere.text) || there.status !== nowhere.status)
          openings.push(`${role}: GET ${address}: ${wordsOf(there)} | ${wordsOf(nowhere)}`);
      }
    }
  }
  assert.ok(asked > 80, `${asked} asked`);
  assert.deepEqual(openings, []);
});

test('every field of a body that could name a thing of another tenant is walked', () => {
  const fields = operations.flatMap((operation) =>
    namedIn(bodySchemaOf(operation)).map((field) => `${nameOf(operation)} ${field}`),
  );
  const walked = new Set([
    ...bodiesThatName.map(({ operation, field }) => `${operation} ${field}`),
    ...Object.keys(namesNothingForeign),
  ]);
  assert.ok(fields.length > 40, `${fields.length} fields`);
  assert.deepEqual(
    fields.filter((field) => !walked.has(field)),
    [],
  );
});

test('a body that names a thing of another tenant is answered like one that names what nobody has', async () => {
  const openings: string[] = [];
  for (const { operation, field, path, body, makes } of bodiesThatName) {
    const method = operation.split(' ')[0] ?? '';
    for (const role of whoMay.get(operation) ?? []) {
      const client = clients.get(role);
      if (client === undefined) continue;
      const named = body(foreign, own);
      const there = await client.call(method, path(own), named);
      // What nobody has is made by it: whoever chooses an id learns that it is taken.
      const nowhere = makes === true ? there : await client.call(method, path(own), absent(JSON.stringify(named)));
      if (there.status === 400) assert.fail(`${role}: ${operation} ${field}: ${there.text}`);
      if (there.status < 400 || there.status >= 500 || (nowhere !== there && absent(there.text) !== nowhere.text))
        openings.push(`${role}: ${operation} ${field}: ${wordsOf(there)} | ${wordsOf(nowhere)}`);
    }
  }
  assert.deepEqual(openings, []);
});

test('what happens at another tenant changes nothing in what one reads: no row, no count, no total, no export', async () => {
  const readable = operations.filter(
    (operation) =>
      operation.method === 'GET' && whoMay.has(nameOf(operation)) && !isOfTheCentre(operation) && !isPacked(operation),
  );
  const readAll = async (): Promise<ReadonlyMap<string, string>> => {
    const seen = new Map<string, string>();
    for (const operation of readable) {
      for (const role of whoMay.get(nameOf(operation)) ?? []) {
        const client = clients.get(role);
        if (client === undefined) continue;
        const address = venues.addressesOf(operation.path, 'own').at(0) ?? operation.path;
        const { status, text } = await client.call('GET', address);
        assert.ok(!text.includes(FOREIGN), `${role}: GET ${address}: ${text.slice(0, 500)}`);
        seen.set(`${role}: GET ${address}`, `${status} ${steady(text)}`);
      }
    }
    return seen;
  };
  const earlier = await readAll();
  await bustle();
  const later = await readAll();
  assert.ok(earlier.size > 300, `${earlier.size} read`);
  const openings = [...later].filter(([address, text]) => earlier.get(address) !== text);
  const difference = ([address, text]: readonly [string, string]): string => {
    const before = earlier.get(address) ?? '';
    const at = [...text].findIndex((letter, index) => before[index] !== letter);
    return `${address}: …${before.slice(Math.max(0, at - 60), at + 60)}… | …${text.slice(Math.max(0, at - 60), at + 60)}…`;
  };
  assert.deepEqual(openings.map(difference), []);
});

const wordsOf = ({ status, text }: Answer): string => `${status} ${text.slice(0, 400)}`;

/** More of everything at the other tenant. */
async function bustle(): Promise<void> {
  const deviceId = `${FOREIGN}-e`;
  const device = await contract.device(deviceId, { venueId: foreign.venueId });
  const at = Date.now();
  await device.telemetry({ at, values: { 't1.temperatureC': 30, 'c1.activePowerW': 5_000, 'c1.energyKwh': 9 } });
  await device.event({ at, kind: 'overload', point: 'c1', active: true, level: 'alarm' });
  await device.event({ at, kind: 'smoke', point: 'c1', active: true, level: 'alarm' });
  await device.send('telemetry', `broken ${deviceId}`);
  const told = await eventually('the alarm', async () => {
    const { items } = await contract.api.get<Page<AlarmRow>>(`/api/v1/alarms?deviceId=${deviceId}&limit=100`);
    return items.find(({ kind }) => kind === 'overload');
  });
  assert.equal((await contract.api.post(`/api/v1/alarms/${told.id}/acknowledge`)).status, 200);
  assert.ok((await contract.api.post('/api/v1/work-orders', { deviceId })).status < 300);
  const area = { venueId: foreign.venueId, kind: 'room', name: 'another' };
  assert.equal((await administrator.call('PUT', `/api/v1/areas/A-${FOREIGN}-2`, area)).status, 200);
}

/** Files whose bytes carry the minute: desk-pack.test.ts and evidence.test.ts read their words. */
const isPacked = ({ path }: Operation): boolean =>
  ['/api/v1/desk-pack', '/api/v1/incidents/{id}/evidence'].includes(path);

/** Tells of the centre and of nobody's venue: how it is, what it can do. */
const isOfTheCentre = ({ path }: Operation): boolean =>
  ['/metrics', '/api/v1/functions', '/api/v1/command-keys', '/api/v1/session', '/api/v1/session/logins'].includes(path);

/** Without what goes on by itself: instants, how long ago something was, and that the time of a step is up. */
const steady = (text: string): string =>
  text
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, 'instant')
    .replaceAll(/\b1[6-9]\d{11}\b/g, 'instant')
    .replaceAll(/,\{"number":\d+,"at":"instant","kind":"late"[^}]*\}\}/g, '')
    .replaceAll(/"stepCount":\d+/g, '"stepCount":0')
    .replaceAll(/"(\w*(?:Ms|Seconds|Hours|Age|S))":[\d.]+/g, '"$1":0');

function queryOf({ definition }: Operation): string[] {
  const parameters = (definition['parameters'] ?? []) as readonly { readonly in: string; readonly name: string }[];
  return parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
}

function bodySchemaOf({ definition }: Operation): unknown {
  const body = definition['requestBody'];
  const content = isObject(body) ? body['content'] : undefined;
  const media = isObject(content) ? content['application/json'] : undefined;
  return isObject(media) ? document.inlined(media['schema']) : undefined;
}

function namedIn(schema: unknown, before = ''): string[] {
  if (!isObject(schema)) return [];
  const inside = Object.entries((schema['properties'] ?? {}) as Json).flatMap(([key, value]) => [
    ...(NAMES_A_THING.test(key) && !hasProperties(value) ? [`${before}${key}`] : []),
    ...namedIn(value, `${before}${key}.`),
  ]);
  const others = ['anyOf', 'oneOf', 'allOf'].flatMap((key) =>
    ((schema[key] ?? []) as readonly unknown[]).flatMap((part) => namedIn(part, before)),
  );
  return [...new Set([...inside, ...others, ...namedIn(schema['items'], `${before}[].`)])];
}

const hasProperties = (schema: unknown): boolean => isObject(schema) && isObject(schema['properties']);
