import process from 'node:process';
import { parseArgs } from 'node:util';
import { readWatchConfig, Watcher } from '@fengsui/watch';
import { UsageError, type Command } from '../command.ts';
import { createServiceNotifier } from '../terminal/notify-service.ts';

export const watchCommand: Command = {
  usage: [
    'fengsui watch --config watch.json            looks at a centre for ever, and calls when it stops or stands still',
    'fengsui watch --config watch.json --once     one look, for cron: exit 1 when the centre is not well',
    'fengsui watch --config watch.json --test     one test call over every channel',
    '',
    'Runs best on another machine than the centre. The file, and what a call holds: docs/guides/watch.md.',
  ].join('\n'),
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: { config: { type: 'string' }, once: { type: 'boolean' }, test: { type: 'boolean' } },
    });
    if (values.config === undefined) throw new UsageError('watch: --config FILE is needed');
    if (values.once === true && values.test === true) throw new UsageError('watch: --once or --test, not both');
    const watcher = new Watcher(readWatchConfig(values.config, process.env['STATE_DIRECTORY']), (level, words) =>
      console.error(`${new Date().toISOString()} ${level.padEnd(5)} ${words}`),
    );
    if (values.test === true) {
      const tried = await watcher.test();
      for (const { channel, error } of tried)
        console.log(error === undefined ? `ok    ${channel}` : `fail  ${channel}: ${error}`);
      return tried.every(({ error }) => error === undefined) ? 0 : 1;
    }
    if (values.once === true) {
      const { kind, reason } = await watcher.once();
      console.log(`${kind}: ${reason}`);
      return kind === 'well' ? 0 : 1;
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => watcher.stop());
    const service = createServiceNotifier(() => true);
    service.ready();
    await watcher.run();
    service.stop();
    return 0;
  },
};
