import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ForeignReception } from '../intake/foreign/foreign-reception.ts';
import { Registry } from '../registry/registry.ts';
import { openProcessWeb } from './process-web.ts';

test('a gateway says that it lives, whether it is ready and why not, its figures, and that it is no centre', async () => {
  let troubles: readonly string[] = [];
  const registry = new Registry();
  const clock = { now: () => 0 };
  const reception = new ForeignReception({
    journal: { append: () => Promise.reject(new Error('nothing comes')) },
    registry,
  });
  const web = await openProcessWeb({
    role: 'gateway',
    host: '127.0.0.1',
    port: 0,
    log: { error: () => undefined, warn: () => undefined, info: () => undefined, debug: () => undefined },
    troubles: () => troubles,
    version: '1.2.3',
    figures: () => [['a', 'gauge', 'An a.', 1]],
    ingest: { registry, clock, reception },
  });
  const ask = async (path: string): Promise<readonly [number, string]> => {
    const response = await fetch(`http://127.0.0.1:${web.port}${path}`);
    return [response.status, await response.text()];
  };
  try {
    assert.deepEqual(await ask('/readyz'), [200, '{"status":"ready","troubles":[]}']);
    troubles = ['no connection to NATS'];
    assert.deepEqual(await ask('/readyz'), [503, '{"status":"notReady","troubles":["no connection to NATS"]}']);
    assert.deepEqual(await ask('/healthz'), [200, '{"status":"ok","version":"1.2.3"}']);
    const figures = (await ask('/metrics'))[1];
    assert.match(figures, /^# HELP a An a.\n# TYPE a gauge\na 1\n/);
    assert.match(figures, /\nprocess_resident_memory_bytes \d+\n$/);
    const [status, text] = await ask('/api/v1/alarms');
    assert.equal(status, 404);
    assert.equal((JSON.parse(text) as { code: string }).code, 'gateway');
  } finally {
    await web.close();
  }
});
