import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { create } from 'tar';
import { stageBundle } from '../bundle/stage.ts';
import { UsageError, type Command } from '../command.ts';
import { repositoryRoot, version } from '../version.ts';

const PLATFORMS = ['linux-x64', 'linux-arm64'];

export const bundleCommand: Command = {
  usage: [
    'fengsui bundle --platform linux-x64 --to fengsui-linux-x64.tar.gz',
    'fengsui bundle --platform linux-arm64 --to fengsui-linux-arm64.tar.gz',
    '',
    'One archive with Node, all modules, the console and the program; a machine without a network installs it by',
    'the install.sh in it (docs/guides/install.md). Run in the repository, after npm ci. Of the other platform only',
    'Node is fetched. Options: --level 1…9 (of gzip)',
  ].join('\n'),
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { platform: { type: 'string' }, to: { type: 'string' }, level: { type: 'string' } },
    });
    const { platform, to, level = '6' } = values;
    if (platform === undefined || !PLATFORMS.includes(platform))
      throw new UsageError(`bundle: --platform is ${platform ?? 'missing'}, expected ${PLATFORMS.join(' or ')}`);
    if (to === undefined) throw new UsageError('bundle: --to FILE is needed');
    if (!/^[1-9]$/.test(level)) throw new UsageError(`bundle: --level is ${level}, expected 1 to 9`);
    if (!existsSync(path.join(repositoryRoot, 'apps/console/vite.config.ts')))
      throw new Error('a bundle is made in the repository, not from an installed bundle');
    const { buildConsoleIfStale } = (await import(path.join(repositoryRoot, 'tools/build-console.ts'))) as {
      buildConsoleIfStale: (log: (line: string) => void) => Promise<unknown>;
    };
    await buildConsoleIfStale((line) => console.error(line));
    const name = `fengsui-${version}-${platform}`;
    // Beside the target: it takes its place by rename, whole or not at all.
    const scratch = await mkdtemp(`${path.resolve(to)}.`);
    try {
      const { files } = await stageBundle({ root: repositoryRoot, into: path.join(scratch, name), platform, version });
      const archive = path.join(scratch, 'archive');
      await create(
        { file: archive, cwd: scratch, gzip: { level: Number(level) }, portable: true, mtime: new Date(0) },
        [name],
      );
      await rename(archive, path.resolve(to));
      const { size } = await stat(to);
      console.log(JSON.stringify({ bundle: path.resolve(to), version, platform, files, bytes: size }));
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
    return 0;
  },
};
