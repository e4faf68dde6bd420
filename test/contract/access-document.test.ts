import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { ACCESS_PAGE, accessPage, type DescribedApi } from '../../tools/access-reference.ts';
import { ApiClient } from './client/api-client.ts';
import { CentreProcess } from '../harness/centre-process.ts';

test('access.md says of every role and operation what the running centre asks', async () => {
  const centre = await CentreProcess.start();
  try {
    const described = await new ApiClient(centre.webUrl).get<DescribedApi>('/api/openapi.json');
    const silent = Object.entries(described.paths).flatMap(([url, item]) =>
      Object.entries(item).flatMap(([method, { 'x-access': access }]) =>
        access === undefined ? [`${method} ${url}`] : [],
      ),
    );
    assert.deepEqual(silent, [], 'operations that do not say whom they are for');
    assert.equal(
      readFileSync(ACCESS_PAGE, 'utf8'),
      accessPage(described),
      'write it anew: node tools/access-reference.ts',
    );
  } finally {
    await centre.dispose();
  }
});
