import type { TreeEnsemble } from './tree-ensemble.ts';

const magic = 0x31455446; // "FTE1", little-endian
const headerBytes = 24;
const leafMark = 255;

/**
 * A compact form of a tree ensemble, about 7 bytes per inner node and 3 per pure leaf.
 *
 * Little-endian: u32 "FTE1", u8 kind (0 mean, 1 softmax), u8 classes, u8 columns, u8 0, u32 trees, u32 nodes,
 * u32 leaves, f32 scale of boosted leaves; f32 base per class; then the nodes in order. Inner: u8 column, f32 threshold,
 * u16 distance to the right child. Leaf: u8 255, then for `mean` u8 n and n × (u8 class, u8 weight of 255ths), for
 * `softmax` i16 value in 32767ths of the scale. Class probabilities are rounded to 1/255, boosted values to scale/32767.
 */
export function encodeEnsemble(model: TreeEnsemble): Uint8Array {
  const { kind, classCount, columnCount, column, threshold, next, roots, leaves, base } = model;
  if (classCount > 255 || columnCount > 254) {
    throw new RangeError(`ensemble of ${classCount} classes, ${columnCount} columns: expected at most 255 and 254`);
  }
  const scale = leaves.reduce((top, value) => Math.max(top, Math.abs(value)), 0);
  const leafCount = kind === 'mean' ? leaves.length / classCount : leaves.length;
  const bytes = new Uint8Array(headerBytes + 4 * classCount + column.length * 7 + leafCount * (2 + 2 * classCount));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic, true);
  bytes.set([kind === 'mean' ? 0 : 1, classCount, columnCount, 0], 4);
  view.setUint32(8, roots.length, true);
  view.setUint32(12, column.length, true);
  view.setUint32(16, leafCount, true);
  view.setFloat32(20, scale, true);
  let place = headerBytes;
  for (let k = 0; k < classCount; k++, place += 4) view.setFloat32(place, base[k] as number, true);
  for (let node = 0; node < column.length; node++) {
    const asked = column[node] as number;
    if (asked >= 0) {
      const distance = (next[node] as number) - node;
      if (distance > 0xffff) throw new RangeError(`tree with ${distance} nodes below one side, expected at most 65535`);
      bytes[place] = asked;
      view.setFloat32(place + 1, threshold[node] as number, true);
      view.setUint16(place + 5, distance, true);
      place += 7;
    } else {
      bytes[place++] = leafMark;
      const leaf = next[node] as number;
      if (kind === 'softmax') {
        view.setInt16(place, scale === 0 ? 0 : Math.round(((leaves[leaf] as number) / scale) * 32767), true);
        place += 2;
      } else {
        place = writeShares(bytes, place, leaves.subarray(leaf * classCount, (leaf + 1) * classCount));
      }
    }
  }
  return bytes.slice(0, place);
}

/** Reads what `encodeEnsemble` wrote. Throws RangeError naming the place when the bytes are not such a model. */
export function decodeEnsemble(bytes: Uint8Array): TreeEnsemble {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < headerBytes || view.getUint32(0, true) !== magic) {
    throw new RangeError('tree ensemble: the first bytes are not FTE1');
  }
  const kind = view.getUint8(4) === 0 ? 'mean' : 'softmax';
  const classCount = view.getUint8(5);
  const columnCount = view.getUint8(6);
  const treeCount = view.getUint32(8, true);
  const nodeCount = view.getUint32(12, true);
  const leafCount = view.getUint32(16, true);
  const scale = view.getFloat32(20, true);
  // A node takes at least 2 bytes: larger counts are damage, refused before memory is taken for them.
  if (nodeCount * 2 > bytes.length || leafCount > nodeCount || treeCount > leafCount || classCount === 0) {
    throw new RangeError(`tree ensemble: ${nodeCount} nodes, ${leafCount} leaves in ${bytes.length} bytes`);
  }
  const column = new Int16Array(nodeCount);
  const threshold = new Float32Array(nodeCount);
  const next = new Int32Array(nodeCount);
  const roots = new Int32Array(treeCount);
  const leaves = new Float32Array(kind === 'mean' ? leafCount * classCount : leafCount);
  try {
    let place = headerBytes;
    const base = Float64Array.from({ length: classCount }, (_, k) => view.getFloat32(place + 4 * k, true));
    place += 4 * classCount;
    let leaf = 0;
    let tree = 0;
    // The tree ends where no inner node waits for its right side any more.
    let open = 0;
    for (let node = 0; node < nodeCount; node++) {
      if (open === 0) {
        if (tree >= treeCount) throw new RangeError(`more than ${treeCount} trees`);
        roots[tree++] = node;
        open = 1;
      }
      const asked = view.getUint8(place++);
      if (asked === leafMark) {
        if (leaf >= leafCount) throw new RangeError(`more than ${leafCount} leaves`);
        column[node] = -1;
        next[node] = leaf;
        if (kind === 'softmax') {
          leaves[leaf] = (view.getInt16(place, true) / 32767) * scale;
          place += 2;
        } else {
          place = readShares(view, place, leaves.subarray(leaf * classCount, (leaf + 1) * classCount));
        }
        leaf++;
        open--;
      } else {
        const right = node + view.getUint16(place + 4, true);
        if (asked >= columnCount || right <= node + 1 || right >= nodeCount) {
          throw new RangeError(`node ${node} asks column ${asked} and points to node ${right}`);
        }
        column[node] = asked;
        threshold[node] = view.getFloat32(place, true);
        next[node] = right;
        place += 6;
        open++;
      }
    }
    if (open !== 0 || leaf !== leafCount || tree !== treeCount || place !== bytes.length) {
      throw new RangeError(
        `${tree} of ${treeCount} trees, ${leaf} of ${leafCount} leaves, ${bytes.length - place} bytes left`,
      );
    }
    return { kind, classCount, columnCount, base, roots, column, threshold, next, leaves };
  } catch (error) {
    throw new RangeError(`tree ensemble: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** Rounds so that the 255ths of a leaf always sum to 255: the largest takes the rest. */
function writeShares(bytes: Uint8Array, start: number, shares: Float32Array): number {
  const rounded = Array.from(shares, (share) => Math.round(share * 255));
  const top = shares.indexOf(Math.max(...shares));
  rounded[top] = (rounded[top] as number) + 255 - rounded.reduce((a, b) => a + b, 0);
  let place = start + 1;
  let count = 0;
  rounded.forEach((share, k) => {
    if (share === 0) return;
    bytes[place++] = k;
    bytes[place++] = share;
    count++;
  });
  bytes[start] = count;
  return place;
}

function readShares(view: DataView, start: number, shares: Float32Array): number {
  const count = view.getUint8(start);
  for (let i = 0; i < count; i++) {
    const k = view.getUint8(start + 1 + 2 * i);
    if (k >= shares.length) throw new RangeError(`class ${k} in a leaf, expected below ${shares.length}`);
    shares[k] = view.getUint8(start + 2 + 2 * i) / 255;
  }
  return start + 1 + 2 * count;
}
