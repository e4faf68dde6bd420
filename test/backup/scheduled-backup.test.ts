import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { callControlSocket } from '../../apps/centre/src/control-socket.ts';
import { ApiClient } from '../contract/client/api-client.ts';
import { eventually } from '../contract/client/eventually.ts';
import { CentreProcess } from '../harness/centre-process.ts';

test('a scheduled backup that cannot be written is one fault on the desk, over a restart too, and the next backup that is made ends it', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'fengsui-scheduled-'));
  // A file where the folder should be: nobody can write there, not even root.
  await writeFile(path.join(folder, 'taken'), '');
  const env = { FENGSUI_BACKUP_EVERYHOURS: '1', FENGSUI_BACKUP_FOLDER: path.join(folder, 'taken/backups') };
  const centre = await CentreProcess.start({ env });
  try {
    const api = new ApiClient(centre.webUrl, await centre.createToken('shiftLeader'));
    const fault = async () => (await api.alarmsOf('centre')).find(({ kind }) => kind === 'backupFailed');
    const told = await eventually('the fault to be told', fault);
    assert.deepEqual([told.category, told.level, told.state], ['fault', 'warning', 'unacknowledged']);
    assert.match(centre.stderr, /scheduled backup failed; again in an hour reason=.*taken/);
    assert.equal(await centre.stop(), 0, centre.stderr);
    await centre.up();
    await eventually('it to fail again', () => /scheduled backup failed/.test(centre.stderr));
    const marker = await centre.createDevice('marker', 'generic-terminal', 'V1');
    assert.ok(marker, 'what failing anew would have appended is applied by now');
    const again = await fault();
    assert.deepEqual([again?.id, again?.count, again?.state], [told.id, 1, 'unacknowledged']);
    const made = await callControlSocket(centre.folder, 'backupCreate', { to: path.join(folder, 'asked.tar.gz') });
    assert.ok(made !== undefined && 'result' in made, JSON.stringify(made));
    await eventually('the fault to end', async () => (await fault())?.state === 'returnedUnacknowledged');
  } finally {
    await centre.dispose();
    await rm(folder, { recursive: true, force: true });
  }
});
