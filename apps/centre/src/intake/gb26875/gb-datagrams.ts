import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { splitGbDatagram } from '@fengsui/protocol';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { ListenError } from '../../platform/listen.ts';
import { plainAddress, type AddressList } from './address-list.ts';
import type { GbIntake } from './gb-intake.ts';
import type { GbPath } from './gb-path.ts';
import { TokenBucket } from './token-bucket.ts';

/** A peer is forgotten when nothing came for this long: its device has been offline long before. */
const FORGET_AFTER_MS = 30 * 60_000;
const MOST_PEERS = 20_000;
/** Datagrams above this are dropped; the device sends them again. */
const DATAGRAM_BURST = 2_000;
const DATAGRAMS_PER_SECOND = 200;
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;

type Peer = GbPath & { heardAt: number; readonly bucket: TokenBucket };

export type GbDatagramsOptions = {
  readonly intake: GbIntake;
  readonly clock: Clock;
  readonly log: Log;
  readonly allow: AddressList | undefined;
};

/** The door for datagrams: each holds whole frames; replies go to where they came from. */
export class GbDatagrams {
  readonly #options: GbDatagramsOptions;
  readonly #peers = new Map<string, Peer>();
  #socket: Socket | undefined;

  constructor(options: GbDatagramsOptions) {
    this.#options = options;
  }

  async start(host: string, port: number): Promise<void> {
    const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4' });
    this.#socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('error', (error: NodeJS.ErrnoException) => {
        const code = error.code === 'EADDRINUSE' ? 'portInUse' : error.code === 'EACCES' ? 'portForbidden' : 'other';
        reject(new ListenError(code, host, port, error));
      });
      socket.bind(port, host, () => resolve());
    });
    socket.removeAllListeners('error');
    socket.on('error', (error) => this.#options.log.warn('GB/T 26875.3 over UDP', { error: error.message }));
    // A burst of the whole city is longer than the usual 208 KiB; without the right the system's limit stays.
    socket.setRecvBufferSize(RECEIVE_BUFFER_BYTES);
    socket.on('message', (datagram, from) => this.#take(datagram, from));
  }

  async stop(): Promise<void> {
    const socket = this.#socket;
    this.#socket = undefined;
    for (const peer of this.#peers.values()) this.#options.intake.gone(peer);
    this.#peers.clear();
    if (socket !== undefined) await new Promise<void>((resolve) => socket.close(() => resolve()));
  }

  sweep(now: number): void {
    for (const peer of this.#peers.values()) {
      if (now - peer.heardAt > FORGET_AFTER_MS) peer.close('silent');
    }
  }

  #take(datagram: Buffer, from: RemoteInfo): void {
    const { intake, allow, clock } = this.#options;
    if (allow !== undefined && !allow.allows(from.address)) return;
    const peer = this.#peerOf(from);
    const now = clock.now();
    if (peer.bucket.take(1, now) > 0) return;
    peer.heardAt = now;
    for (const piece of splitGbDatagram(datagram)) {
      if (piece.kind === 'frame') void intake.take(peer, piece.bytes);
      else if (piece.kind === 'damaged') intake.takeDamaged(peer, piece.bytes);
      else intake.noteFraming(peer, piece.bytes, piece.reason);
    }
  }

  #peerOf({ address, port }: RemoteInfo): Peer {
    const remote = `${plainAddress(address)}:${port}`;
    const known = this.#peers.get(remote);
    if (known !== undefined) return known;
    if (this.#peers.size >= MOST_PEERS)
      for (const oldest of this.#peers.values()) {
        oldest.close('too many peers');
        break;
      }
    const peer = this.#newPeer(remote, address, port);
    this.#peers.set(remote, peer);
    return peer;
  }

  #newPeer(remote: string, address: string, port: number): Peer {
    const now = this.#options.clock.now();
    const peers = this.#peers;
    const { intake } = this.#options;
    const socketOf = (): Socket | undefined => this.#socket;
    return {
      remote,
      address: plainAddress(address),
      isStream: false,
      heardAt: now,
      bucket: new TokenBucket(DATAGRAM_BURST, DATAGRAMS_PER_SECOND, now),
      get isOpen() {
        return peers.get(remote) === this;
      },
      send: (bytes) => socketOf()?.send(bytes, port, address, () => undefined),
      close() {
        if (peers.get(remote) === this) peers.delete(remote);
        intake.gone(this);
      },
    };
  }
}
