import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { nodeFolder } from './node-program.ts';
import { partsList } from './parts-list.ts';
import { productionOf, type Lock } from './production-modules.ts';

export type StageOrder = {
  readonly root: string;
  /** An empty folder, which becomes the bundle. */
  readonly into: string;
  readonly platform: string;
  readonly version: string;
};

/** Neither read by Node nor owed to anybody: types, maps, tests. Licences and notices stay. */
const isSpared = (name: string): boolean =>
  /[.](d[.][cm]?ts|map|tsbuildinfo)$/.test(name) || /[.](test|fixture)[.]ts$/.test(name);
const SPARED_FOLDERS = new Set(['.cache', '.github', 'test', 'tests', '__tests__', 'node_modules']);

/** Lays everything out as it is installed: `node/`, `program/`, `bin/`, the installer, units, and SHA256SUMS. */
export async function stageBundle({ root, into, platform, version }: StageOrder): Promise<{ readonly files: number }> {
  const lock = JSON.parse(await readFile(path.join(root, 'package-lock.json'), 'utf8')) as Lock;
  const { workspaces, modules } = productionOf(lock);
  const program = path.join(into, 'program');
  const node = await nodeFolder(root, lock, platform);
  try {
    await mkdir(path.join(into, 'node/bin'), { recursive: true });
    await copyFile(path.join(node.folder, 'bin/node'), path.join(into, 'node/bin/node'));
    await chmod(path.join(into, 'node/bin/node'), 0o755);
    await copyFile(path.join(node.folder, 'LICENSE'), path.join(into, 'node/LICENSE'));
  } finally {
    await node.remove();
  }
  for (const workspace of workspaces) {
    const [from, to] = [path.join(root, workspace), path.join(program, workspace)];
    await mkdir(to, { recursive: true });
    await copyFile(path.join(from, 'package.json'), path.join(to, 'package.json'));
    await copyTree(path.join(from, 'src'), path.join(to, 'src'));
    if (workspace === 'apps/cli') await copyTree(path.join(from, 'bin'), path.join(to, 'bin'));
    const { name } = JSON.parse(await readFile(path.join(from, 'package.json'), 'utf8')) as { name: string };
    const link = path.join(program, 'node_modules', name);
    await mkdir(path.dirname(link), { recursive: true });
    await symlink(path.relative(path.dirname(link), to), link);
  }
  for (const module of modules) await copyTree(path.join(root, module), path.join(program, module), true);
  await copyTree(path.join(root, 'apps/console/dist'), path.join(program, 'apps/console/dist'));
  await copyTree(path.join(root, 'docs'), path.join(into, 'docs'));
  for (const name of ['package.json', 'LICENSE']) await copyFile(path.join(root, name), path.join(program, name));
  const packaging = path.join(root, 'packaging');
  await copyTree(path.join(packaging, 'systemd'), path.join(into, 'systemd'));
  await copyTree(path.join(packaging, 'bundle'), into);
  await mkdir(path.join(into, 'bin'), { recursive: true });
  await writeFile(path.join(into, 'bin/fengsui'), LAUNCHER, { mode: 0o755 });
  const about = { name: 'fengsui', version, platform, node: node.version };
  await writeFile(path.join(into, 'bundle.json'), `${JSON.stringify(about, null, 2)}\n`);
  const parts = partsList({ lock, version, node: node.version });
  await writeFile(path.join(into, 'sbom.cdx.json'), `${JSON.stringify(parts, null, 2)}\n`);
  return { files: await writeSums(into) };
}

/** Found by the link it is called through; what is compiled is kept where the service may write. */
const LAUNCHER = `#!/bin/sh
here=$(dirname "$(readlink -f "$0")")/..
NODE_COMPILE_CACHE="\${NODE_COMPILE_CACHE:-\${CACHE_DIRECTORY:-\${XDG_CACHE_HOME:-$HOME/.cache}/fengsui}}"
export NODE_COMPILE_CACHE
exec "$here/node/bin/node" "$here/program/apps/cli/bin/fengsui.mjs" "$@"
`;

/** @param isModule of others: its own node_modules are listed by the lock one by one. */
async function copyTree(from: string, to: string, isModule = false): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) {
      if (isModule && SPARED_FOLDERS.has(entry.name)) continue;
      await copyTree(source, target, isModule);
    } else if (entry.isFile() && !isSpared(entry.name)) await copyFile(source, target);
  }
}

/** As `sha256sum -c` reads it: every file but itself, in order of their names. */
async function writeSums(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
  const lines: string[] = [];
  for (const file of files) {
    const hash = createHash('sha256');
    await pipeline(createReadStream(path.join(folder, file)), hash);
    lines.push(`${hash.digest('hex')}  ${file}`);
  }
  await writeFile(path.join(folder, 'SHA256SUMS'), `${lines.join('\n')}\n`);
  return files.length;
}
