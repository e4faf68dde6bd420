import { createTransport } from 'nodemailer';
import type { Message } from './message.ts';
import type { MailChannel } from './watch-config.ts';

/** Sends one mail to all addresses. Rejects unless the server has taken it for every one of them. */
export async function sendMail(channel: MailChannel, message: Message, id: string, timeoutMs: number): Promise<void> {
  const { host, port, security, user, password, from, to, ca } = channel;
  const transport = createTransport({
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'startTls',
    ignoreTLS: security === 'none',
    ...(user !== undefined && password !== undefined && { auth: { user, pass: password } }),
    tls: { minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // Nothing of a message is read from files or the network.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    const sent = await transport.sendMail({
      from,
      to: [...to],
      subject: message.subject,
      text: message.text,
      priority: 'high',
      // The same for every try: a mail reader shows it once.
      messageId: `<${id.replaceAll('/', '.')}@fengsui-watch>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    if (sent.rejected.length > 0) throw new Error(`not taken for ${sent.rejected.map(String).join(', ')}`);
  } finally {
    transport.close();
  }
}
