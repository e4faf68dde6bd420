import process from 'node:process';
import { nearestWord } from '@fengsui/centre/nearest-word';
import { UsageError, type Command } from './command.ts';
import { version } from './version.ts';

/** Loaded only when called: `token create` does not wait for what `start` needs. */
const commands: readonly { readonly name: string; readonly summary: string; readonly load: () => Promise<Command> }[] =
  [
    { name: 'start', summary: 'run the centre', load: async () => (await import('./commands/start.ts')).startCommand },
    {
      name: 'release',
      summary: 'sign a model or a program for terminals, and bring it to the centre',
      load: async () => (await import('./commands/release.ts')).releaseCommand,
    },
    {
      name: 'terminal',
      summary: 'run a terminal on a recording or on the simulated city',
      load: async () => (await import('./commands/terminal.ts')).terminalCommand,
    },
    {
      name: 'device',
      summary: 'register, move, test, replace a device; renew or revoke its credential',
      load: async () => (await import('./commands/device.ts')).deviceCommand,
    },
    {
      name: 'venue',
      summary: 'register a venue',
      load: async () => (await import('./commands/venue.ts')).venueCommand,
    },
    {
      name: 'model',
      summary: 'add a device model as data',
      load: async () => (await import('./commands/model.ts')).modelCommand,
    },
    {
      name: 'import',
      summary: 'read venues, contacts, areas, devices and circuits from a workbook',
      load: async () => (await import('./commands/import.ts')).importCommand,
    },
    {
      name: 'export',
      summary: 'write the registry as a workbook',
      load: async () => (await import('./commands/export.ts')).exportCommand,
    },
    {
      name: 'labels',
      summary: 'print QR labels of devices as a PDF',
      load: async () => (await import('./commands/labels.ts')).labelsCommand,
    },
    {
      name: 'factory',
      summary: 'record factory batches, print their labels, calibrate and install devices',
      load: async () => (await import('./commands/factory.ts')).factoryCommand,
    },
    {
      name: 'user',
      summary: 'accounts: create, list, disable, enable, one-time password, unlock, second factor',
      load: async () => (await import('./commands/user.ts')).userCommand,
    },
    {
      name: 'token',
      summary: 'API tokens of programs and walls: create, list, revoke',
      load: async () => (await import('./commands/token.ts')).tokenCommand,
    },
    {
      name: 'audit',
      summary: 'who did what: verify the chain of its rows, list them',
      load: async () => (await import('./commands/audit.ts')).auditCommand,
    },
    {
      name: 'evidence',
      summary: 'check an evidence package of an incident, without a centre',
      load: async () => (await import('./commands/evidence.ts')).evidenceCommand,
    },
    {
      name: 'work',
      summary: 'list work orders, show one with its history',
      load: async () => (await import('./commands/work.ts')).workCommand,
    },
    {
      name: 'source',
      summary: 'let a foreign platform push its messages',
      load: async () => (await import('./commands/source.ts')).sourceCommand,
    },
    {
      name: 'mapping',
      summary: 'see what a mapping makes of a foreign message',
      load: async () => (await import('./commands/mapping.ts')).mappingCommand,
    },
    {
      name: 'gb26875',
      summary: 'decode and encode GB/T 26875.3 frames, or simulate a transmission device',
      load: async () => (await import('./commands/gb26875.ts')).gb26875Command,
    },
    {
      name: 'simulate',
      summary: 'play a fleet of devices against a centre, and compare what was sent with what it has',
      load: async () => (await import('./commands/simulate.ts')).simulateCommand,
    },
    {
      name: 'capture',
      summary: 'inspect a recording',
      load: async () => (await import('./commands/capture.ts')).captureCommand,
    },
    {
      name: 'evaluate',
      summary: 'measure recognition and detection on recordings',
      load: async () => (await import('./commands/evaluate.ts')).evaluateCommand,
    },
    {
      name: 'tls',
      summary: 'make a local CA and certificates for start --lan',
      load: async () => (await import('./commands/tls.ts')).tlsCommand,
    },
    {
      name: 'bundle',
      summary: 'pack program, Node and console into one archive for machines without a network',
      load: async () => (await import('./commands/bundle.ts')).bundleCommand,
    },
    {
      name: 'watch',
      summary: 'look at a centre from outside, and call when it stops or stands still',
      load: async () => (await import('./commands/watch.ts')).watchCommand,
    },
    {
      name: 'doctor',
      summary: 'look at the centre and its field: what is wrong, and what to do',
      load: async () => (await import('./commands/doctor.ts')).doctorCommand,
    },
    {
      name: 'alive',
      summary: 'exit 0 when a centre runs here and alarms come through: for health checks',
      load: async () => (await import('./commands/alive.ts')).aliveCommand,
    },
    {
      name: 'config',
      summary: 'check the configuration, or show where each value comes from',
      load: async () => (await import('./commands/config.ts')).configCommand,
    },
    {
      name: 'backup',
      summary: 'put everything into one file, verify it, restore it elsewhere',
      load: async () => (await import('./commands/backup.ts')).backupCommand,
    },
    {
      name: 'db',
      summary: 'bring the store to the newest schema',
      load: async () => (await import('./commands/db.ts')).dbCommand,
    },
  ];

process.exitCode = await main(process.argv.slice(2));

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--version' || name === 'version') {
    console.log(version);
    return 0;
  }
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    console.log(overview());
    return 0;
  }
  const entry = commands.find((candidate) => candidate.name === name);
  if (entry === undefined) {
    const nearest = nearestWord(
      name,
      commands.map((candidate) => candidate.name),
    );
    console.error(`fengsui: there is no command ${name}; did you mean ${nearest}? "fengsui --help" lists them`);
    return 2;
  }
  const command = await entry.load();
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`${entry.summary}\n\n${command.usage}`);
    return 0;
  }
  try {
    return await command.run(args);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    console.error(`fengsui ${name}: ${words}`);
    if (error instanceof UsageError || isParseArgsError(error)) {
      console.error(`\n${command.usage}`);
      return 2;
    }
    if (process.env['FENGSUI_LOG_LEVEL'] === 'debug' && error instanceof Error) console.error(error.stack);
    return 1;
  }
}

function isParseArgsError(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

function overview(): string {
  const width = Math.max(...commands.map(({ name }) => name.length));
  return [
    `Fengsui 烽燧 ${version}`,
    '',
    '  npm start                                    the centre with the simulated city',
    '  npm run -s fengsui -- start --no-demo        the centre, empty',
    '',
    ...commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'fengsui COMMAND --help says more.',
  ].join('\n');
}
