import { once } from 'node:events';
import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net';
import { ServerTCP } from 'modbus-serial';
import { freePort } from '../../../tools/servers/free-port.ts';

/** What one unit of a slave holds, by table and address; what is not there answers exception 2. */
export type SlaveUnit = {
  readonly holding?: Map<number, number>;
  readonly input?: Map<number, number>;
  readonly discrete?: Map<number, boolean>;
  readonly coils?: Map<number, boolean>;
  /** Default: the coil takes it. Throw `{ modbusErrorCode }` to refuse. */
  readonly onCoil?: (address: number, on: boolean) => void;
};

/** What happens to the answers on their way. */
export type Fault = 'silent' | 'garbage' | 'wrongUnit' | 'cutMidFrame' | 'byteByByte' | undefined;

/** A real Modbus TCP server of modbus-serial behind a door that can spoil its answers. */
export class ModbusSlave {
  readonly port: number;
  /** By unit: what spoils its answers. */
  readonly faults = new Map<number, Fault>();
  /** Every request that came: unit, function code, address. */
  readonly requests: { readonly unit: number; readonly code: number; readonly address: number; readonly at: number }[] =
    [];
  readonly #server: ServerTCP;
  readonly #door: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: ServerTCP, door: Server) {
    this.#server = server;
    this.#door = door;
    this.port = (door.address() as AddressInfo).port;
  }

  static async start(units: ReadonlyMap<number, SlaveUnit>): Promise<ModbusSlave> {
    const server = new ServerTCP(vectorOf(units), { host: '127.0.0.1', port: await freePort(), unitID: 255 });
    server.on('socketError', () => undefined);
    await once(server, 'initialized');
    const inner = (server as unknown as { _server: Server })._server.address() as AddressInfo;
    const door = createServer();
    const slave = await new Promise<ModbusSlave>((resolve) => {
      door.listen(0, '127.0.0.1', () => resolve(new ModbusSlave(server, door)));
    });
    door.on('connection', (socket) => slave.#open(socket, inner.port));
    return slave;
  }

  #open(socket: Socket, innerPort: number): void {
    const inner = connect(innerPort, '127.0.0.1');
    for (const end of [socket, inner]) {
      this.#sockets.add(end);
      end.on('error', () => undefined).on('close', () => this.#sockets.delete(end));
    }
    socket.on('close', () => inner.destroy());
    inner.on('close', () => socket.destroy());
    socket.on('data', (bytes) => {
      for (let at = 0; at + 12 <= bytes.length; at += 6 + bytes.readUInt16BE(at + 4)) {
        this.requests.push({
          unit: bytes[at + 6] ?? 0,
          code: bytes[at + 7] ?? 0,
          address: bytes.readUInt16BE(at + 8),
          at: performance.now(),
        });
      }
      inner.write(bytes);
    });
    inner.on('data', (bytes) => void this.#answer(socket, bytes));
  }

  async #answer(socket: Socket, bytes: Buffer): Promise<void> {
    switch (this.faults.get(bytes[6] ?? 0)) {
      case 'silent':
        return;
      case 'garbage':
        socket.write(Buffer.from('GET / HTTP/1.1\r\nHost: somewhere else\r\n\r\n'));
        return;
      case 'wrongUnit': {
        const other = Buffer.from(bytes);
        other[6] = ((bytes[6] ?? 0) + 1) & 0xff;
        socket.write(other);
        return;
      }
      case 'cutMidFrame':
        socket.write(bytes.subarray(0, 8));
        await new Promise((resolve) => setTimeout(resolve, 20));
        socket.destroy();
        return;
      case 'byteByByte':
        for (const byte of bytes) {
          socket.write(Buffer.of(byte));
          await new Promise((resolve) => setImmediate(resolve));
        }
        return;
      case undefined:
        socket.write(bytes);
    }
  }

  /** Ends every connection that stands; new ones are taken. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => this.#door.close(() => resolve()));
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

/** Words of a 32-bit float, high word first. */
export function wordsOfFloat(value: number): readonly [number, number] {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatBE(value);
  return [bytes.readUInt16BE(0), bytes.readUInt16BE(2)];
}

/** Registers that hold floats, from their addresses. */
export function floatsAt(values: Readonly<Record<number, number>>): Map<number, number> {
  return new Map(
    Object.entries(values).flatMap(([address, value]) =>
      wordsOfFloat(value).map((word, index): [number, number] => [Number(address) + index, word]),
    ),
  );
}

/** What an SDM120 holds at 231.5 V and 4.25 A: voltage, current, active, apparent and reactive power, … (its manual). */
export const sdm120Input = floatsAt({
  0: 231.5,
  2: 0,
  4: 0,
  6: 4.25,
  8: 0,
  10: 0,
  12: 980,
  24: 12,
  26: 0,
  28: 0,
  30: 0.99,
  70: 50,
  72: 1234.5,
});

function vectorOf(units: ReadonlyMap<number, SlaveUnit>): ConstructorParameters<typeof ServerTCP>[0] {
  const from =
    <Value>(tableOf: (unit: SlaveUnit) => ReadonlyMap<number, Value> | undefined) =>
    (address: number, unitId: number): Value => {
      const value = tableOf(units.get(unitId) ?? {})?.get(address);
      if (value === undefined) throw exception(units.has(unitId) ? 2 : 11);
      return value;
    };
  return {
    getHoldingRegister: from(({ holding }) => holding),
    getInputRegister: from(({ input }) => input),
    getDiscreteInput: from(({ discrete }) => discrete),
    getCoil: from(({ coils }) => coils),
    setCoil(address: number, on: boolean, unitId: number) {
      const unit = units.get(unitId);
      if (unit?.coils?.has(address) !== true) throw exception(2);
      if (unit.onCoil === undefined) unit.coils.set(address, on);
      else unit.onCoil(address, on);
    },
  };
}

export function exception(code: number): Error {
  return Object.assign(new Error(`exception ${code}`), { modbusErrorCode: code });
}
