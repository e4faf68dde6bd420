import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readDeviceModel } from '@fengsui/centre';
import { administer } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';

export const modelCommand: Command = {
  usage: [
    'fengsui model add sprinkler.json',
    'fengsui model check sprinkler.json',
    'fengsui model list',
    '',
    'A model says what a device measures and tells, as data: docs/reference/models.md. A later version of a model adds',
    'points at the end. check reads the file alone; add asks the centre too.',
    'Options: --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { json: { type: 'boolean' }, data: { type: 'string' } },
    });
    const [file] = positionals;
    if (action === 'list') {
      const models = await administer(values.data, 'listModels', {});
      if (values.json) console.log(JSON.stringify(models));
      else for (const { id, version, name } of models) console.log(`${id} ${version} ${name.zh} / ${name.en}`);
      return 0;
    }
    if (action !== 'add' && action !== 'check')
      throw new UsageError(`model ${action ?? ''}: expected add, check or list`);
    if (file === undefined) throw new UsageError('a model file is needed');
    const read = readDeviceModel(await readFile(file, 'utf8'), file);
    if ('problems' in read) {
      for (const problem of read.problems) console.error(problem);
      return 1;
    }
    if (action === 'check') {
      console.error(`${file}: model ${read.model.id} version ${read.model.version} is sound`);
      return 0;
    }
    const model = await administer(values.data, 'addModel', { model: read.model });
    console.log(values.json ? JSON.stringify(model) : `model ${model.id} version ${model.version}`);
    return 0;
  },
};
