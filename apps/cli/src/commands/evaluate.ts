import { statSync } from 'node:fs';
import { reportText, runSuite, suiteEntries, SuiteUsageError } from '@fengsui/evaluation';
import { UsageError, type Command } from '../command.ts';

export const evaluateCommand: Command = {
  usage: [
    'fengsui evaluate plaid --train recordings/plaid-features --test recordings/plaid-features',
    'fengsui evaluate aggregate --train recordings/hfhad-c --test recordings/hfhad-c-aggregate --json',
    '',
    'Measures recognition and detection on recordings, and prints the numbers, the bars and whether they are met. A bar',
    'missed is a result: exit code 0. The same folder for both is evaluated by groups; a random split is refused.',
    'Suites:',
    ...suiteEntries.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`),
    'Options: --train DIR, --test DIR, --seed N (1), --split group, --json',
  ].join('\n'),
  async run(args) {
    try {
      const { report, asJson } = await runSuite(args, (line) => console.error(line));
      console.log(asJson ? JSON.stringify(report) : reportText(report));
      return 0;
    } catch (error) {
      if (error instanceof SuiteUsageError) throw new UsageError(error.message, { cause: error });
      const wrong = wrongFolder(args);
      if (wrong !== undefined) throw new UsageError(wrong, { cause: error });
      throw error;
    }
  },
};

/** What is wrong with a folder of the call: looked at when the suite failed, so that a wrong suite or flag is told first. */
function wrongFolder(args: readonly string[]): string | undefined {
  for (const flag of ['--train', '--test']) {
    const joined = args.find((arg) => arg.startsWith(`${flag}=`));
    const folder = joined?.slice(flag.length + 1) ?? args[args.indexOf(flag, 1) + 1];
    if (joined === undefined && !args.includes(flag, 1)) continue;
    const isFolder = folder !== undefined && statSync(folder, { throwIfNoEntry: false })?.isDirectory();
    if (!isFolder) {
      return `${flag} ${folder ?? ''}: there is no such folder; expected a folder of recordings with its index.json (docs/guides/evaluate.md)`;
    }
  }
  return undefined;
}
