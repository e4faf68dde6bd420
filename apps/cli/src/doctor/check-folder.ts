import { access, constants, readdir, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Config } from '@fengsui/centre';
import type { DoctorFinding } from '@fengsui/terminal';
import { hasDeviceDoors, type Role } from '../roles.ts';

const OTHERS = 0o077;

/** Who may read the centre's keys, and whether this user may write where the centre writes. */
export async function checkPermissions(folder: string): Promise<DoctorFinding> {
  const name = 'permissions';
  const folders = ['.', 'journal', 'store', 'keys', 'tls', 'backups'];
  for (const part of folders) {
    const place = path.join(folder, part);
    if ((await stat(place).catch(() => undefined)) === undefined) continue;
    try {
      await access(place, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      const remedy = `run it as the user that owns the folder, or chown -R it to the user of the service`;
      return { name, state: 'fail', detail: `${place} cannot be written by this user`, remedy };
    }
  }
  const open: string[] = [];
  for (const place of [path.join(folder, 'keys'), path.join(folder, 'tls')]) {
    for (const file of await readdir(place).catch(() => [])) {
      if (place.endsWith('tls') && !file.endsWith('.key')) continue;
      const { mode } = await stat(path.join(place, file));
      if ((mode & OTHERS) !== 0) open.push(path.join(place, file));
    }
  }
  const [first] = open;
  if (first === undefined)
    return { name, state: 'ok', detail: 'the folder can be written, its keys are for its owner alone' };
  const detail = `${open.length} keys can be read by others than the owner: ${first}`;
  return { name, state: 'fail', detail, remedy: `chmod 600 ${open.join(' ')}` };
}

/** For a process that does not run: could it take the ports of its role? Port 0 is any free one. */
export async function checkPorts(
  { web, mqtt, gb26875 }: Config,
  role: Role = 'all',
): Promise<readonly DoctorFinding[]> {
  const devices = [
    ['mqtt', mqtt.host, mqtt.port],
    ['gb26875', gb26875.host, gb26875.port],
  ] as const;
  const doors = [['web', web.host, web.port], ...(hasDeviceDoors(role) ? devices : [])] as const;
  const taken: string[] = [];
  for (const [door, host, port] of doors) {
    const code = port === 0 ? undefined : await codeOfListening(host, port);
    if (code === 'EADDRINUSE') taken.push(`${host}:${port} (${door}) is taken by another program`);
    else if (code !== undefined) taken.push(`${host}:${port} (${door}) cannot be opened: ${code}`);
  }
  if (taken.length === 0) return [{ name: 'ports', state: 'ok', detail: 'the ports of the doors are free' }];
  const remedy = 'ss -ltnp says which program has it: end it, or set another port (docs/reference/configuration.md)';
  return [{ name: 'ports', state: 'fail', detail: taken.join('; '), remedy }];
}

function codeOfListening(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}
