import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../../../tools/servers/free-port.ts';
import { exception, ModbusSlave, type Fault, type SlaveUnit } from '../../test/modbus-slave.ts';
import { ModbusFailure, type ModbusLink } from './modbus-link.ts';
import { openModbusLink } from './open-modbus-link.ts';

const units = (): Map<number, SlaveUnit> =>
  new Map([
    [
      1,
      {
        holding: new Map([
          [10, 0x4366],
          [11, 0x8000],
          [12, 65_535],
        ]),
        input: new Map([[0, 7]]),
      },
    ],
    [
      2,
      {
        holding: new Map([[10, 5]]),
        discrete: new Map([0, 1, 2, 3, 4, 5, 6, 7, 8].map((at) => [at, at % 3 === 0])),
        coils: new Map([[3, false]]),
      },
    ],
  ]);

/** Only who waits for a time-out asks for a short one: a busy machine keeps an answer back longer than that. */
async function linked(context: TestContext, timeoutMs = 10_000): Promise<{ slave: ModbusSlave; link: ModbusLink }> {
  const slave = await ModbusSlave.start(units());
  const link = openModbusLink({ kind: 'tcp', host: '127.0.0.1', port: slave.port }, { timeoutMs });
  context.after(async () => {
    await link.close();
    await slave.stop();
  });
  return { slave, link };
}

const first = { unit: 1, table: 'holding', address: 10, count: 3 } as const;
const second = { unit: 2, table: 'holding', address: 10, count: 1 } as const;

async function reasonOf(promise: Promise<unknown>): Promise<[string, number | undefined]> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof ModbusFailure, String(error));
    return [error.reason, error.exceptionCode];
  }
  throw new Error('it was answered');
}

test('registers, inputs and coils are read from a real server, and a coil is written', async (context) => {
  const { link } = await linked(context);
  assert.deepEqual(await link.read(first), [0x4366, 0x8000, 65_535]);
  assert.deepEqual(await link.read({ unit: 1, table: 'input', address: 0, count: 1 }), [7]);
  const inputs = await link.read({ unit: 2, table: 'discrete', address: 0, count: 9 });
  assert.deepEqual(inputs, [1, 0, 0, 1, 0, 0, 1, 0, 0]);
  const coil = { unit: 2, table: 'coil', address: 3, count: 1 } as const;
  assert.deepEqual(await link.read(coil), [0]);
  await link.writeCoil(2, 3, true);
  assert.deepEqual(await link.readUrgently(coil), [1]);
});

test('an exception is named with its code and costs nobody else anything', async (context) => {
  const { slave, link } = await linked(context);
  const answers = await Promise.allSettled([
    link.read({ ...first, address: 99 }),
    link.read({ ...first, unit: 9 }),
    link.read(second),
  ]);
  assert.deepEqual(
    answers.map((answer) =>
      answer.status === 'rejected' ? (answer.reason as ModbusFailure).exceptionCode : answer.value,
    ),
    [2, 11, [5]],
  );
  assert.equal(slave.requests.length, 3);
});

const faults: readonly { readonly fault: Fault; readonly reasons: readonly string[] }[] = [
  { fault: 'silent', reasons: ['timeout'] },
  // Bytes that promise a frame of 8,000 and never bring it.
  { fault: 'garbage', reasons: ['timeout', 'garbled'] },
  { fault: 'wrongUnit', reasons: ['garbled'] },
  { fault: 'cutMidFrame', reasons: ['timeout', 'notConnected'] },
];
for (const { fault, reasons } of faults) {
  test(`an answer that is spoiled (${fault}) is a failure, never a value, and the bus goes on with the others`, async (context) => {
    const { slave, link } = await linked(context, 1_000);
    assert.deepEqual(await link.read(second), [5]);
    slave.faults.set(1, fault);
    for (let round = 0; round < 3; round++) {
      const [reason] = await reasonOf(link.read(first));
      assert.ok(reasons.includes(reason), reason);
    }
    // At most two requests fall with the broken answer that still stands in the connection.
    const after: string[] = [];
    for (let round = 0; round < 3; round++) {
      after.push(await link.read(second).then(String, (error: ModbusFailure) => error.reason));
    }
    assert.equal(after.at(-1), '5', after.join());
    slave.faults.delete(1);
    await link.read(first).catch(() => undefined);
    assert.deepEqual(await link.read(first), [0x4366, 0x8000, 65_535]);
  });
}

test('an answer in single bytes is one answer', async (context) => {
  const { slave, link } = await linked(context);
  slave.faults.set(1, 'byteByByte');
  assert.deepEqual(await link.read(first), [0x4366, 0x8000, 65_535]);
});

test('an answer that comes after its time-out is nobody else’s', async (context) => {
  const { slave, link } = await linked(context, 1_000);
  slave.faults.set(1, 'silent');
  const late = reasonOf(link.read({ unit: 1, table: 'holding', address: 12, count: 1 }));
  assert.deepEqual(await late, ['timeout', undefined]);
  slave.faults.delete(1);
  assert.deepEqual(await link.read(second), [5]);
});

test('a write goes ahead of the reads that wait', async (context) => {
  const { slave, link } = await linked(context);
  await link.read(second);
  const reads = Array.from({ length: 5 }, () => link.read(second));
  await link.writeCoil(2, 3, true);
  await Promise.all(reads);
  const codes = slave.requests.slice(1).map(({ code }) => code);
  assert.ok(codes.indexOf(5) <= 1, codes.join());
  assert.equal(codes.length, 6);
});

test('without a server a read says so at once after the first, an order tries at once, and both work when it is there', async (context) => {
  const port = await freePort();
  const link = openModbusLink({ kind: 'tcp', host: '127.0.0.1', port }, { timeoutMs: 10_000, longestBackOffMs: 400 });
  context.after(() => link.close());
  assert.deepEqual(await reasonOf(link.read(second)), ['notConnected', undefined]);
  await assert.rejects(link.read(second), new RegExp(`127.0.0.1:${port}.*ECONNREFUSED`));
  assert.deepEqual(await reasonOf(link.writeCoil(2, 3, true)), ['notConnected', undefined]);
  const { slave, link: other } = await linked(context);
  assert.deepEqual(await other.read(second), [5]);
  slave.hangUp();
  // Turns of the event loop, so that the link hears of it.
  for (let turn = 0; turn < 10; turn++) await delay(5);
  assert.deepEqual(await other.read(second), [5], 'a connection that was hung up is made anew');
});

test('a refused coil is an exception with its code', async (context) => {
  const slave = await ModbusSlave.start(
    new Map([
      [
        1,
        {
          coils: new Map([[0, false]]),
          onCoil: () => {
            throw exception(4);
          },
        },
      ],
    ]),
  );
  const link = openModbusLink({ kind: 'tcp', host: '127.0.0.1', port: slave.port }, { timeoutMs: 10_000 });
  context.after(async () => {
    await link.close();
    await slave.stop();
  });
  assert.deepEqual(await reasonOf(link.writeCoil(1, 0, true)), ['exception', 4]);
});

test('what waits when the bus is closed is told so', async (context) => {
  const { slave, link } = await linked(context, 1_000);
  slave.faults.set(2, 'silent');
  const waiting = [link.read(second), link.read(second), link.read(second)].map(reasonOf);
  await delay(50);
  await link.close();
  const reasons = (await Promise.all(waiting)).map(([reason]) => reason);
  assert.ok(
    reasons.every((reason) => reason === 'notConnected' || reason === 'timeout'),
    reasons.join(),
  );
  assert.deepEqual(await reasonOf(link.read(second)), ['notConnected', undefined]);
});
