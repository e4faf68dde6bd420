import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** `refusesRecipient` with 550, `refusesLogin` with 535, `hangs` after MAIL FROM, `full` with 452. */
type Manner = 'takes' | 'refusesRecipient' | 'refusesLogin' | 'hangs' | 'full';

type TakenMail = { readonly from: string; readonly to: readonly string[]; readonly raw: string; readonly text: string };

const smtpError = (responseCode: number, words: string): Error => Object.assign(new Error(words), { responseCode });

/** A real SMTP server on loopback that asks for a log-in: centre, with the password it was given. */
export class MailSide {
  readonly mails: TakenMail[] = [];
  manner: Manner = 'takes';
  readonly #server: SMTPServer;
  readonly #password: string;

  private constructor(password: string) {
    this.#password = password;
    this.#server = new SMTPServer({
      disabledCommands: ['STARTTLS'],
      allowInsecureAuth: true,
      onAuth: ({ username, password: given }, _session, callback) => {
        const isKnown = this.manner !== 'refusesLogin' && username === 'centre' && given === password;
        if (isKnown) callback(null, { user: 'centre' });
        else callback(smtpError(535, 'wrong user or password'));
      },
      onMailFrom: (_address, _session, callback) => {
        if (this.manner !== 'hangs') callback();
      },
      onRcptTo: (_address, _session, callback) => {
        if (this.manner === 'refusesRecipient') callback(smtpError(550, 'no such mailbox'));
        else if (this.manner === 'full') callback(smtpError(452, 'mailbox full'));
        else callback();
      },
      onData: (stream, { envelope }, callback) => {
        const pieces: Buffer[] = [];
        stream.on('data', (piece: Buffer) => pieces.push(piece));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = envelope;
          this.mails.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            ...mailIn(Buffer.concat(pieces).toString('latin1')),
          });
          callback();
        });
      },
    });
  }

  static async open(password: string): Promise<MailSide> {
    const side = new MailSide(password);
    await new Promise<void>((resolve) => side.#server.listen(0, '127.0.0.1', () => resolve()));
    return side;
  }

  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://centre:${encodeURIComponent(this.#password)}@127.0.0.1:${port}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Of one part; RFC 2045, 6.7 and 6.8. */
function mailIn(raw: string): Pick<TakenMail, 'raw' | 'text'> {
  const body = raw.slice(raw.indexOf('\r\n\r\n') + 4);
  const isBase64 = /^Content-Transfer-Encoding: base64\r$/im.test(raw);
  const bytes = isBase64
    ? Buffer.from(body, 'base64')
    : Buffer.from(
        body
          .replaceAll('=\r\n', '')
          .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
        'latin1',
      );
  return { raw, text: bytes.toString('utf8') };
}
