import { hostname } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { loadConfig } from '@fengsui/centre';
import { fileOf } from '../administer.ts';
import { UsageError, type Command } from '../command.ts';
import { dataFolderOf } from '../data-option.ts';
import { dateOf } from '../tls/certificate-life.ts';
import { hostInUrl } from '../tls/certificate-name.ts';
import { initTls } from '../tls/init-tls.ts';
import { lanAddresses } from '../tls/lan-addresses.ts';
import { trustSteps } from '../tls/trust-steps.ts';

export const tlsCommand: Command = {
  usage: [
    'fengsui tls init',
    'fengsui tls init --data data/demo            for npm start -- --lan',
    'fengsui tls init --name fengsui.example.org  one more name or address of this machine',
    '',
    'Makes a CA (ten years) and a server certificate (397 days) in DATA/tls. Run it again after an address changed or',
    'when a certificate is near its end: the CA stays, nothing has to be trusted anew. Then start again with --lan.',
    '--force makes a new CA, which every seat and phone has to trust.',
    'Options: --name HOST (repeatable; kept for the next time)  --force  --json  --data DIR',
  ].join('\n'),
  async run([action, ...args]) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        name: { type: 'string', multiple: true },
        force: { type: 'boolean' },
        json: { type: 'boolean' },
        data: { type: 'string' },
      },
    });
    if (action !== 'init') throw new UsageError(`tls ${action ?? ''}: expected init`);
    const folder = dataFolderOf(values.data, false);
    const { config } = loadConfig({ environment: process.env, ...fileOf(folder) });
    const tlsFolder = path.join(folder, 'tls');
    const addresses = lanAddresses();
    const { authority, server, leftOut } = await initTls({
      tlsFolder,
      hostName: hostname(),
      addresses,
      given: values.name,
      isForced: values.force === true,
      now: new Date(),
    });
    if (leftOut.length > 0) {
      console.error(
        `not in the certificate, the CA is older than these: ${leftOut.join(', ')}; --force makes a new CA`,
      );
    }
    const caFile = path.join(tlsFolder, 'ca.crt');
    if (values.json) {
      console.log(JSON.stringify({ caFile, authority, server, leftOut }));
      return 0;
    }
    console.log(`CA       ${caFile}  ${authority.isNew ? 'new' : 'kept'}, until ${dateOf(authority.validTo)}`);
    console.log(`SHA-256  ${authority.sha256}`);
    console.log(
      `server   ${server.issuedFor === undefined ? 'kept' : `new, because of ${server.issuedFor}`}, until ${dateOf(server.validTo)}`,
    );
    console.log(`names    ${server.names.join(' ')}`);
    const download = addresses.map((address) => `https://${hostInUrl(address)}:${config.web.port}/ca.crt`);
    console.log(`CA over the network, while start --lan runs: ${download.join(' ')}`);
    console.error(`\n${trustSteps(caFile)}`);
    return 0;
  },
};
