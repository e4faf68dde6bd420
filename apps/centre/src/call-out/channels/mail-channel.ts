import { createTransport } from 'nodemailer';
import { isSecureUrl } from '../../platform/secure-url.ts';
import { CHANNEL_TIMEOUT_MS, LONGEST_REASON, type CallMessage, type Channel, type ChannelOutcome } from './channel.ts';

export type MailDoor = {
  /** smtps://user:password@host:465, or smtp://…:587 with STARTTLS. */
  readonly url: string;
  readonly from: string;
};

/** What is wrong with the settings, without the password; undefined when nothing is. */
export function mailProblem(url: string, from: string): string | undefined {
  if (!['smtp:', 'smtps:'].includes(URL.parse(url)?.protocol ?? ''))
    return 'callOut.mailUrl is not shown, expected smtps://user:password@host:465 or smtp://user:password@host:587';
  return isAddress(from)
    ? undefined
    : `callOut.mailFrom is ${JSON.stringify(from)}, expected a mail address such as centre@city.example`;
}

const isAddress = (text: string): boolean => /^[^\s@<>",;]+@[^\s@<>",;]+$/.test(text);

/** Each mail over a connection of its own: one that hangs holds nobody else up. */
export function mailChannel({ url, from }: MailDoor): Channel {
  return {
    send: async (message, signal) => {
      const transport = openTransport(url);
      try {
        const sent: unknown = await untilAborted(transport.sendMail(mailOf(message, from)), signal);
        const { response } = sent as { readonly response: string };
        return { kind: 'sent', receipt: response.slice(0, LONGEST_REASON) };
      } catch (error) {
        return failure(error);
      } finally {
        transport.close();
      }
    },
    check: async (signal) => {
      const transport = openTransport(url);
      try {
        await untilAborted(transport.verify(), signal);
        return undefined;
      } catch (error) {
        return reasonOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

function openTransport(url: string): ReturnType<typeof createTransport> {
  const { protocol, hostname, port, username, password } = new URL(url);
  const isImplicit = protocol === 'smtps:';
  const isLoopback = isSecureUrl(url.replace(/^smtps?:/, 'http:'));
  return createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
    secure: isImplicit,
    // Names, addresses and a log-in do not cross a network in the clear.
    requireTLS: !isImplicit && !isLoopback,
    ...(username !== '' && { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }),
    connectionTimeout: CHANNEL_TIMEOUT_MS,
    greetingTimeout: CHANNEL_TIMEOUT_MS,
    socketTimeout: CHANNEL_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf({ callId, to = '', title, text, link, isTest }: CallMessage, from: string) {
  return {
    from,
    // As an object: what stands in it is one address, whatever it looks like.
    to: { name: '', address: to },
    subject: title,
    text: [text, ...(link === undefined ? [] : [link])].join('\n\n'),
    messageId: `<${callId}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(!isTest && { priority: 'high' as const }),
  };
}

/** Its connection is closed by whoever asked. @throws Error */
async function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const over = AbortSignal.any([signal, AbortSignal.timeout(CHANNEL_TIMEOUT_MS)]);
  const ended = Promise.withResolvers<never>();
  const end = (): void => ended.reject(over.reason as Error);
  over.addEventListener('abort', end, { once: true });
  // Whoever lost the race may still fail.
  work.catch(() => undefined);
  ended.promise.catch(() => undefined);
  try {
    if (over.aborted) end();
    return await Promise.race([work, ended.promise]);
  } finally {
    over.removeEventListener('abort', end);
  }
}

type SmtpFailure = Error & { readonly code?: string; readonly responseCode?: number; readonly response?: string };

/** RFC 5321, 4.2.1: 5yz is for good. Of the recipient: this way leads to nobody; of anything else: the channel is down. */
function failure(error: unknown): ChannelOutcome {
  const { code, responseCode = 0 } = error as SmtpFailure;
  const reason = reasonOf(error);
  if (code === 'EENVELOPE' && responseCode >= 500) return { kind: 'failed', reason, isForGood: true };
  if (code === 'EENVELOPE' || code === 'EMESSAGE') return { kind: 'failed', reason };
  return { kind: 'failed', reason, isChannelDown: true };
}

/** In the server's words, which have no password in them, or by the kind of failure. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  if (error.name === 'TimeoutError') return `no answer within ${CHANNEL_TIMEOUT_MS / 1000} s`;
  const { response, code, message } = error as SmtpFailure;
  return [code, response ?? message]
    .filter((word) => word !== undefined)
    .join(' ')
    .slice(0, LONGEST_REASON);
}
