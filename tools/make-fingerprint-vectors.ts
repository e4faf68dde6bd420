// Makes docs/reference/fingerprint-vectors.json: `node tools/make-fingerprint-vectors.ts`.
// The vectors are the contract of schema version 1: make them anew only together with a new schema version.
import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';
import { FEATURES, FINGERPRINT_SCHEMA_VERSION } from '../packages/fingerprint/src/index.ts';
import { cityCases } from './fingerprint-vectors/city-cases.ts';
import { formulaCases } from './fingerprint-vectors/formula-cases.ts';
import { unusableCases } from './fingerprint-vectors/unusable-cases.ts';
import { vectorOf } from './fingerprint-vectors/vector-of.ts';

const FILE = new URL('../docs/reference/fingerprint-vectors.json', import.meta.url);
const SEED = 20261121;
const FORMULA_COUNT = 96;
const CITY_COUNT = 96;
const MOST_BYTES = 1_500_000;

const vectors = [
  ...formulaCases(SEED, FORMULA_COUNT),
  ...cityCases(SEED, CITY_COUNT, (line) => console.error(line)),
  ...unusableCases(),
].map(vectorOf);

const document = {
  title: 'Golden vectors of the current fingerprint; see fingerprint.md',
  schemaVersion: FINGERPRINT_SCHEMA_VERSION,
  waves: 'float32, little-endian, base64; 128 points of one mains cycle',
  features: FEATURES.map(({ name }) => name),
  vectors,
};
const options = await resolveConfig(FILE);
writeFileSync(FILE, await format(JSON.stringify(document), { ...options, parser: 'json' }));
const bytes = readFileSync(FILE).length;
if (vectors.length !== 200 || bytes > MOST_BYTES) {
  throw new Error(`${vectors.length} vectors in ${bytes} bytes; expected 200 in at most ${MOST_BYTES}`);
}
console.error(`${vectors.length} vectors, ${bytes} bytes`);
