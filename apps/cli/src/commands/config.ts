import process from 'node:process';
import { parseArgs } from 'node:util';
import { ConfigError, environmentName, loadConfig, settings } from '@fengsui/centre';
import { fileOf } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { dataFolderOf } from '../data-option.ts';

export const configCommand: Command = {
  usage: [
    'fengsui config check',
    'fengsui config show --json',
    '',
    'file (DATA/config.json or FENGSUI_CONFIG) < environment < flag of start',
    'Options: --json  --data DIR',
    '',
    ...Object.entries(settings).map(
      ([key, { description }]) =>
        `  ${key.padEnd(14)} ${environmentName(key as keyof typeof settings).padEnd(24)} ${description}`,
    ),
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({ args: [...args], options: { json: { type: 'boolean' }, data: { type: 'string' } } });
    if (action !== 'check' && action !== 'show') throw new UsageError(`config ${action ?? ''}: expected check or show`);
    const folder = dataFolderOf(values.data, false);
    try {
      const loaded = loadConfig({ environment: process.env, ...fileOf(folder) });
      if (action === 'check') {
        console.error('the configuration is valid');
        return 0;
      }
      const shown = loaded.values.map(({ key, value, from }) => {
        const isSecret = 'secret' in settings[key] && value !== undefined;
        return { key, value: isSecret ? '(set)' : (value ?? null), from };
      });
      if (values.json) console.log(JSON.stringify(shown));
      else for (const { key, value, from } of shown) console.log(`${key} = ${value ?? '(not set)'}  [${from}]`);
      return 0;
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      for (const problem of error.problems) console.error(problem);
      return 1;
    }
  },
};
