import { createPrivateKey, X509Certificate } from 'node:crypto';
import { dateOf, endsSoon, namesOf } from './certificate-life.ts';
import { sameName } from './certificate-name.ts';
import { lanAddresses } from './lan-addresses.ts';
import { initCommand, readTlsFile, type TlsFile } from './tls-folder.ts';

/** PEM: the server's key and certificate, and the authority that clients trust. */
export type LanTls = { readonly key: string; readonly cert: string; readonly ca: string };

export type LanTlsOptions = {
  readonly now?: Date;
  readonly addresses?: readonly string[];
  readonly warn?: (words: string) => void;
};

/**
 * The certificate that `fengsui tls init` made. Warns when it ends within 30 days or lacks an address of this machine.
 *
 * @throws Error with the remedy when there is none, it cannot be read, is out of date, or its parts do not belong together
 */
export async function loadLanTls(tlsFolder: string, options: LanTlsOptions = {}): Promise<LanTls> {
  const { now = new Date(), addresses = lanAddresses(), warn = (words) => console.error(`TLS: ${words}`) } = options;
  const remedy = `run "${initCommand(tlsFolder)}"`;
  const [key, cert, ca] = await Promise.all(
    (['server.key', 'server.crt', 'ca.crt'] as const).map((name) => readTlsFile(tlsFolder, name)),
  );
  if (key === undefined && cert === undefined) throw new Error(`there is no certificate in ${tlsFolder}; ${remedy}`);
  const missing = (name: TlsFile): Error => new Error(`${tlsFolder}/${name} is missing; ${remedy}`);
  if (key === undefined) throw missing('server.key');
  if (cert === undefined) throw missing('server.crt');
  if (ca === undefined) throw missing('ca.crt');
  const named = <T>(name: TlsFile, parse: () => T): T => {
    try {
      return parse();
    } catch (error) {
      throw new Error(`${tlsFolder}/${name} is not a PEM ${name.endsWith('key') ? 'key' : 'certificate'}; ${remedy}`, {
        cause: error,
      });
    }
  };
  const privateKey = named('server.key', () => createPrivateKey(key));
  const certificate = named('server.crt', () => new X509Certificate(cert));
  const authority = named('ca.crt', () => new X509Certificate(ca));
  if (!certificate.checkPrivateKey(privateKey)) {
    throw new Error(`${tlsFolder}: server.key and server.crt do not belong together; ${remedy}`);
  }
  if (!certificate.checkIssued(authority) || !certificate.verify(authority.publicKey)) {
    throw new Error(`${tlsFolder}: server.crt was not issued by ca.crt; ${remedy}`);
  }
  const { validFromDate, validToDate } = certificate;
  if (now > validToDate) throw new Error(`${tlsFolder}/server.crt ended ${dateOf(validToDate)}; ${remedy}`);
  if (now > authority.validToDate) {
    throw new Error(
      `${tlsFolder}/ca.crt ended ${dateOf(authority.validToDate)}; run "${initCommand(tlsFolder)} --force"`,
    );
  }
  if (now < validFromDate) {
    throw new Error(
      `${tlsFolder}/server.crt begins ${dateOf(validFromDate)}, but it is ${dateOf(now)} here; set the clock of this machine`,
    );
  }
  if (endsSoon(certificate, now)) {
    warn(`the certificate ends ${dateOf(validToDate)}; ${remedy} and start again`);
  }
  const names = namesOf(certificate);
  const uncovered = addresses.filter((value) => !names.some((name) => sameName(name, { kind: 'ip', value })));
  if (uncovered.length > 0) {
    warn(`the certificate does not name ${uncovered.join(', ')} of this machine; ${remedy} and start again`);
  }
  return { key, cert, ca };
}
