import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import process from 'node:process';
import { connect } from 'node:tls';
import { hostInUrl } from './certificate-name.ts';
import { readGivenNames } from './given-names.ts';
import { lanAddresses } from './lan-addresses.ts';
import { qrCodePanel } from './qr-code.ts';
import { readTlsFile } from './tls-folder.ts';

const CHECK_TIMEOUT_MS = 2_000;

/**
 * Says under which URLs other machines reach the running centre: only those that answered just now with a certificate
 * that the authority vouches for (asked from this machine: a firewall may still stand between). On a terminal also as
 * QR codes. The others go to stderr with their reason.
 */
export async function printLanAccess(baseUrl: string, tlsFolder: string): Promise<void> {
  const ca = await readTlsFile(tlsFolder, 'ca.crt');
  if (ca === undefined) throw new Error(`${tlsFolder}/ca.crt is missing`);
  const port = Number(new URL(baseUrl).port || 443);
  const hosts = [...new Set([...(await readGivenNames(tlsFolder)), ...lanAddresses()])];
  const checked = await Promise.all(hosts.map(async (host) => ({ host, trouble: await troubleOf(host, port, ca) })));
  for (const { host, trouble } of checked) {
    if (trouble !== undefined) console.error(`LAN: https://${hostInUrl(host)}:${port}/ does not work: ${trouble}`);
  }
  const urls = checked
    .filter(({ trouble }) => trouble === undefined)
    .map(({ host }) => `https://${hostInUrl(host)}:${port}/`);
  for (const url of urls) console.log(`LAN    ${url}`);
  const [first] = urls;
  if (first === undefined) {
    console.error('LAN: no address of this machine answers; is it connected to a network?');
    return;
  }
  console.log(`CA     ${first}ca.crt  SHA-256 ${new X509Certificate(ca).fingerprint256}`);
  if (!process.stdout.isTTY) return;
  const codes = [
    { title: '1 信任 trust: ca.crt', text: `${first}ca.crt` },
    { title: '2 打开 open', text: first },
  ];
  console.log(`\n${await qrCodePanel(codes, process.stdout.columns || 80)}\n`);
}

/** What keeps a client that trusts this authority alone from using the door there, or undefined. */
function troubleOf(host: string, port: number, ca: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, ca, ...(isIP(host) === 0 && { servername: host }) });
    const done = (trouble: string | undefined): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(trouble);
    };
    const timer = setTimeout(() => done(`no answer in ${CHECK_TIMEOUT_MS / 1000} s`), CHECK_TIMEOUT_MS);
    socket.once('secureConnect', () => done(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
  });
}
