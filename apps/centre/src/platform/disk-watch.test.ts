import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { DiskWatch, type DiskRoom } from './disk-watch.ts';

const MIB = 1024 * 1024;

function watch(reserveMib: number | undefined, sizeMib: number) {
  let freeMib = sizeMib;
  const changes: [DiskRoom, DiskRoom][] = [];
  const disk = new DiskWatch({
    folder: '/',
    ...(reserveMib !== undefined && { reserveBytes: reserveMib * MIB }),
    look: async () => ({ freeBytes: freeMib * MIB, sizeBytes: sizeMib * MIB }),
  });
  disk.onChange(({ room }, was) => void changes.push([was, room]));
  const at = async (free: number): Promise<DiskRoom> => {
    freeMib = free;
    await disk.look();
    return disk.figures.room;
  };
  return { at, changes, disk };
}

test('captures are refused first, then what is no alarm, then the bulk lane', async () => {
  const { at } = watch(100, 1_000);
  assert.deepEqual(
    [await at(500), await at(200), await at(199), await at(100), await at(99), await at(50), await at(49)],
    ['ample', 'ample', 'tight', 'tight', 'low', 'low', 'last'],
  );
});

test('room that comes back counts when a quarter more than the limit is free: nothing flaps', async () => {
  const { at, changes } = watch(100, 1_000);
  assert.equal(await at(99), 'low');
  assert.equal(await at(101), 'low');
  assert.equal(await at(124), 'low');
  assert.equal(await at(125), 'tight');
  assert.equal(await at(249), 'tight');
  assert.equal(await at(250), 'ample');
  assert.deepEqual(changes, [
    ['ample', 'low'],
    ['low', 'tight'],
    ['tight', 'ample'],
  ]);
});

test('without a setting the reserve is 512 MiB, or 5 % of a smaller disk', async () => {
  const large = watch(undefined, 1_000_000);
  await large.at(1_000_000);
  assert.equal(large.disk.figures.reserveBytes, 512 * MIB);
  const small = watch(undefined, 1_000);
  await small.at(1_000);
  assert.equal(small.disk.figures.reserveBytes, 50 * MIB);
});

test('no reserve: never refused', async () => {
  const { at } = watch(0, 1_000);
  assert.equal(await at(0), 'ample');
});

test('it asks the real disk', async () => {
  const disk = new DiskWatch({ folder: tmpdir() });
  await disk.look();
  assert.ok(disk.figures.freeBytes > 0 && disk.figures.freeBytes < Infinity);
  assert.ok(disk.figures.reserveBytes > 0 && disk.figures.reserveBytes <= 512 * MIB);
});

test('a disk that cannot be asked is what it was', async () => {
  const disk = new DiskWatch({ folder: '/no/such/folder' });
  await disk.look();
  assert.equal(disk.figures.room, 'ample');
});
