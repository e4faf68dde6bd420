/**
 * SHA-256 (FIPS 180-4) over the UTF-16 code units of a text, two bytes each, low byte first: the bytes of Node's
 * `utf16le`. Every string has such bytes, lone surrogates included, and no two strings share them.
 *
 * Written out here because packages have no node:crypto and Web Crypto is asynchronous.
 *
 * @returns 64 lowercase hexadecimal digits.
 */
export function sha256Hex(text: string): string {
  const state = Uint32Array.from(initialHash);
  const words = paddedWords(text);
  const schedule = new Uint32Array(64);
  for (let offset = 0; offset < words.length; offset += 16)
    compress(state, words.subarray(offset, offset + 16), schedule);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
}

/** FIPS 180-4 5.1.1: the message, a one bit, zeros, and the length in bits as 64-bit number, in blocks of 16 words. */
function paddedWords(text: string): Uint32Array {
  const byteCount = text.length * 2;
  const words = new Uint32Array((((byteCount + 8) >> 6) + 1) * 16);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    putByte(words, 2 * i, unit & 0xff);
    putByte(words, 2 * i + 1, unit >> 8);
  }
  putByte(words, byteCount, 0x80);
  words[words.length - 2] = Math.floor((byteCount * 8) / 2 ** 32);
  words[words.length - 1] = byteCount * 8;
  return words;
}

function putByte(words: Uint32Array, index: number, byte: number): void {
  words[index >> 2] = (words[index >> 2] as number) | (byte << (24 - 8 * (index & 3)));
}

/** FIPS 180-4 6.2.2. */
function compress(state: Uint32Array, block: Uint32Array, schedule: Uint32Array): void {
  schedule.set(block);
  for (let t = 16; t < 64; t++) {
    const early = schedule[t - 15] as number;
    const recent = schedule[t - 2] as number;
    const sigma0 = rotateRight(early, 7) ^ rotateRight(early, 18) ^ (early >>> 3);
    const sigma1 = rotateRight(recent, 17) ^ rotateRight(recent, 19) ^ (recent >>> 10);
    schedule[t] = sigma1 + (schedule[t - 7] as number) + sigma0 + (schedule[t - 16] as number);
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let t = 0; t < 64; t++) {
    const sum1 = rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25);
    const choice = (e & f) ^ (~e & g);
    const t1 = (h + sum1 + choice + (roundConstants[t] as number) + (schedule[t] as number)) | 0;
    const sum0 = rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + sum0 + majority) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => {
    state[i] = (state[i] as number) + value;
  });
}

function rotateRight(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}

// FIPS 180-4 4.2.2 and 5.3.3: fractional parts of the roots of the first primes, as the standard defines them.
const primes = firstPrimes(64);
const roundConstants = primes.map((prime) => fractionalBits(prime, 3));
const initialHash = primes.slice(0, 8).map((prime) => fractionalBits(prime, 2));

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}

/** First 32 bits of the fraction of the root, by exact integers: floating point does not reach 35 bits of a cube. */
function fractionalBits(n: number, degree: 2 | 3): number {
  const target = BigInt(n) << BigInt(32 * degree);
  let low = 0n;
  let high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= target) low = middle;
    else high = middle;
  }
  return Number(low & 0xffffffffn);
}
