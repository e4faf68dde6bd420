import { UsageError, type Command } from '../command.ts';

export const tlsCommand: Command = {
  name: 'tls',
  summary: 'make the certificates for other seats and phones',
  usage: 'fengsui tls init',
  async run() {
    throw new UsageError('tls: expected init');
  },
};
