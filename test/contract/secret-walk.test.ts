import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { CentreProcess } from '../harness/centre-process.ts';
import { ApiClient } from './client/api-client.ts';
import { isObject, OpenApiDocument, type Json, type Operation } from './client/openapi-document.ts';
import { Provision } from './client/provision.ts';
import { openToAnyone, whoMay } from './walk/who-may.ts';

/** Long enough for every password, and in no word of ours. */
const MARKER = 'zq7XfMarker9Kw';
/** As a reader of the API would say which members are nobody's business. */
const SECRET = /pass|secret|token|code|key|pin$|credential|signature|csrf|otp/i;
/** Put into every body beside what its schema names: a program that mixes up two operations does so too. */
const STRAY = ['password', 'newPassword', 'secret', 'token', 'claimCode', 'apiKey', 'credentials', 'privateKey', 'otp'];

let centre: CentreProcess;
let provision: Provision;
let operations: readonly Operation[];
let document: OpenApiDocument;

before(async () => {
  centre = await CentreProcess.start({ env: { FENGSUI_LOG_LEVEL: 'debug' } });
  provision = new Provision(centre);
  await provision.device('S1', 'V1');
  const reader = new ApiClient(centre.webUrl, await provision.token('shiftLeader'));
  document = new OpenApiDocument(await reader.get('/api/openapi.json'));
  operations = document.operations();
});
after(() => centre.dispose());

/** What a schema takes, more or less, with the marker wherever a name sounds of a secret. */
function sample(schema: unknown, name: string): unknown {
  if (!isObject(schema)) return 'x';
  const isSecret = SECRET.test(name);
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (schema['const'] !== undefined) return schema['const'];
  const choices = schema['anyOf'] ?? schema['oneOf'] ?? schema['allOf'];
  if (Array.isArray(choices)) return sample(choices.find((choice) => isObject(choice) && choice['type'] === 'object') ?? choices[0], name); // prettier-ignore
  if (isObject(schema['properties'])) return sampleObject(schema['properties']);
  switch (schema['type']) {
    case 'array':
      return [sample(schema['items'], name)];
    case 'integer':
    case 'number':
      return schema['minimum'] ?? 1;
    case 'boolean':
      return true;
    case 'object':
      return isSecret ? { password: MARKER } : {};
    default:
      return isSecret ? MARKER : (schema['format'] === 'date-time' ? new Date().toISOString() : 'S1'); // prettier-ignore
  }
}

const sampleObject = (properties: Json): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, sample(schema, name)]));

function schemaOf({ definition }: Operation): unknown {
  const body = document.inlined(definition['requestBody']);
  if (!isObject(body) || !isObject(body['content'])) return undefined;
  const json = body['content']['application/json'];
  return isObject(json) ? json['schema'] : undefined;
}

const holders = new Map<string, ApiClient>();
async function holderFor(name: string): Promise<ApiClient> {
  const role = whoMay.get(name)?.find((word) => word !== 'founder' && word !== 'display') ?? 'operator';
  const known = holders.get(role) ?? new ApiClient(centre.webUrl, await provision.token(role));
  holders.set(role, known);
  return known;
}

test('what no one else may read is in no row of the audit and in no line of the log, whatever was asked', async () => {
  const stray = Object.fromEntries(STRAY.map((name) => [name, MARKER]));
  let asked = 0;
  let marked = 0;
  for (const operation of operations) {
    const name = `${operation.method} ${operation.path}`;
    if (name === 'POST /api/v1/logout') continue;
    const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_all, parameter: string) =>
      SECRET.test(parameter) ? MARKER : operation.path.includes('/venues/') ? 'V1' : 'S1',
    );
    const isOpen = openToAnyone.includes(name);
    const client = isOpen ? new ApiClient(centre.webUrl) : await holderFor(name);
    if (operation.method === 'GET' || operation.method === 'DELETE') {
      await client.call(operation.method, path);
      continue;
    }
    const schema = schemaOf(operation);
    const found = sample(schema, '');
    const body = isObject(found) ? { ...stray, ...found, nested: [stray] } : stray;
    asked++;
    if (JSON.stringify(found ?? null).includes(MARKER)) marked++;
    // Once as it should be, once as its schema refuses it; the refusal must not quote what it refuses.
    for (const sent of [found ?? {}, body, { ...body, password: { deep: MARKER }, secret: [MARKER] }]) {
      const { status } = await client.call(operation.method, path, sent);
      assert.ok(status < 500, `${name}: ${status}`);
    }
  }
  assert.ok(asked > 60 && marked >= 8, `${asked} asked, ${marked} with a secret of their own`);

  const wrong = [{ authorization: `Bearer ${MARKER}` }, { cookie: `fengsui_session=${MARKER}` }, { authorization: `Basic ${MARKER}` }]; // prettier-ignore
  for (const headers of wrong) {
    const stranger = new ApiClient(centre.webUrl, undefined, { ...headers, 'x-csrf-token': MARKER });
    assert.equal((await stranger.post('/api/v1/venues/V1/load-history-reasons', { reason: 'r' })).status, 401);
  }

  const auditor = new ApiClient(centre.webUrl, await provision.token('auditor'));
  const { text: rows } = await auditor.call('GET', '/api/v1/audit/export');
  assert.ok(rows.split('\r\n').length > asked, 'rows');
  assert.ok(rows.includes('(left out)'), 'the bodies are on record, without what is secret');
  const said = `${centre.stdout}\n${centre.stderr}`;
  assert.ok(said.includes('debug') && said.split('\n').length > asked, 'lines of the log');
  const linesWith = (text: string): string[] => text.split('\n').filter((line) => line.includes(MARKER));
  assert.deepEqual({ rows: linesWith(rows), log: linesWith(said) }, { rows: [], log: [] });
});
