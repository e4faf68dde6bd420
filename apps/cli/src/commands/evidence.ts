import { sayWhatIsVerified } from '@fengsui/centre/verify-evidence';
import { UsageError, type Command } from '../command.ts';

/** Evidence packages, wherever they come from: no centre is needed. */
export const evidenceCommand: Command = {
  usage: [
    'fengsui evidence verify incident-7.tar',
    '',
    'Whether each file of an evidence package is as it was packed, and with which key it was signed; exit 1 names what is',
    'not. The package brings the same check with it: node verify-evidence.mjs FILE.',
  ].join('\n'),
  async run([action, ...files]) {
    const [file, ...more] = files;
    if (action !== 'verify' || file === undefined || more.length > 0) throw new UsageError('evidence verify FILE');
    return sayWhatIsVerified(file);
  },
};
