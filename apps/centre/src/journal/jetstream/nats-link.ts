import { jetstream, jetstreamManager, type JetStreamClient, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';

export type NatsLink = {
  readonly connection: NatsConnection;
  readonly jetStream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** Largest message the server takes. */
  readonly maxPayloadBytes: number;
  /** A server of a cluster: streams have replicas. */
  readonly isClustered: boolean;
  close(): Promise<void>;
};

export const REQUEST_TIMEOUT_MS = 5_000;
/** A server that hangs without closing its connections is left after two of these. */
const PING_EVERY_MS = 5_000;
const RECONNECT_EVERY_MS = 250;
const LEAST_VERSION: readonly [number, number] = [2, 9];

/** `nats://user:password@host:4222`, several separated by commas; `tls://` asks for TLS; a user alone is a token. */
export function natsOptionsOf(url: string): ConnectionOptions {
  const servers = url.split(',').map((text) => {
    const server = text.trim();
    let parsed: URL;
    try {
      parsed = new URL(server);
    } catch {
      throw new Error('nats.url: expected nats://host:port, several separated by commas');
    }
    if (!['nats:', 'tls:'].includes(parsed.protocol) || parsed.hostname === '')
      throw new Error(`nats.url: expected nats:// or tls:// and a host, got ${parsed.protocol}//${parsed.hostname}`);
    return parsed;
  });
  const [first] = servers as [URL, ...URL[]];
  const user = decodeURIComponent(first.username);
  const pass = decodeURIComponent(first.password);
  return {
    servers: servers.map(({ host }) => host),
    ...(user !== '' && (pass === '' ? { token: user } : { user, pass })),
    ...(servers.some(({ protocol }) => protocol === 'tls:') && { tls: {} }),
  };
}

/**
 * Connects and stays connected: what was lost is made anew for as long as the link is open.
 *
 * @throws Error when no server answers, is older than 2.9, or has no JetStream.
 */
export async function openNatsLink(
  url: string,
  {
    name,
    onState,
    hearsItself = true,
  }: {
    readonly name: string;
    readonly onState: (trouble: string | undefined) => void;
    /** Whether what is published here comes to subscriptions made here. */
    readonly hearsItself?: boolean;
  },
): Promise<NatsLink> {
  const connection = await connect({
    ...natsOptionsOf(url),
    name,
    noEcho: !hearsItself,
    timeout: REQUEST_TIMEOUT_MS,
    pingInterval: PING_EVERY_MS,
    maxPingOut: 2,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_EVERY_MS,
    // A server that comes back may not know its accounts at once.
    ignoreAuthErrorAbort: true,
  });
  try {
    const { info } = connection;
    const [major = 0, minor = 0] = (info?.version ?? '').split('.').map(Number);
    if (major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1]))
      throw new Error(`nats-server 2.9 or newer is expected, this one is ${info?.version ?? 'unknown'}`);
    void follow(connection, onState);
    return {
      connection,
      jetStream: jetstream(connection, { timeout: REQUEST_TIMEOUT_MS }),
      // Asked for at the first request: a server that has just started may not answer yet.
      manager: await jetstreamManager(connection, { timeout: REQUEST_TIMEOUT_MS, checkAPI: false }),
      maxPayloadBytes: info?.max_payload ?? 0,
      isClustered: info?.cluster !== undefined,
      close: () => connection.close(),
    };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function follow(connection: NatsConnection, onState: (trouble: string | undefined) => void): Promise<void> {
  for await (const { type } of connection.status()) {
    if (type === 'disconnect' || type === 'staleConnection') onState('no connection to NATS');
    if (type === 'reconnect') onState(undefined);
  }
}
