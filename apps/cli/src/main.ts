import process from 'node:process';
import { nearestWord } from '@fengsui/centre';
import { UsageError, type Command } from './command.ts';
import { captureCommand } from './commands/capture.ts';
import { configCommand } from './commands/config.ts';
import { dbCommand } from './commands/db.ts';
import { deviceCommand } from './commands/device.ts';
import { startCommand } from './commands/start.ts';
import { terminalCommand } from './commands/terminal.ts';
import { tlsCommand } from './commands/tls.ts';
import { tokenCommand } from './commands/token.ts';
import { userCommand } from './commands/user.ts';
import { venueCommand } from './commands/venue.ts';
import { version } from './version.ts';

const commands: readonly Command[] = [
  startCommand,
  terminalCommand,
  deviceCommand,
  venueCommand,
  userCommand,
  tokenCommand,
  captureCommand,
  tlsCommand,
  configCommand,
  dbCommand,
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
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) {
    const nearest = nearestWord(
      name,
      commands.map((candidate) => candidate.name),
    );
    console.error(`fengsui: there is no command ${name}; did you mean ${nearest}? "fengsui --help" lists them`);
    return 2;
  }
  if (args.includes('--help') || args.includes('-h')) {
    console.log(`${command.summary}\n\n${command.usage}`);
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
