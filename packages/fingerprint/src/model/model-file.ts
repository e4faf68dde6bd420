import { FINGERPRINT_SCHEMA_VERSION } from '../current-fingerprint.ts';
import { FEATURES } from '../feature-vector.ts';
import { decodeEnsemble, encodeEnsemble } from '../learn/encode-ensemble.ts';
import { fromBase64, toBase64 } from './base64.ts';
import { crc32OfText } from './crc32.ts';
import { modelBodyProblem } from './model-body.ts';
import type { ModelBody } from './model-body.ts';
import type { RecognitionModel } from './recognition-model.ts';

/** What a model file may weigh: it has to fit beside a firmware. */
export const LARGEST_MODEL_FILE_BYTES = 200 * 1024;

const FORMAT = 'fengsui-fingerprint-model';
const FORMAT_VERSION = 1;

/** A model, or why a text is none that this version can use. */
export type DecodedModel =
  { readonly kind: 'model'; readonly model: RecognitionModel } | { readonly kind: 'refused'; readonly reason: string };

/**
 * The model as one JSON text: format name and version, a CRC-32 over the JSON of `body`, and the body, in which the
 * trees are base64 of their compact form. Numbers are rounded to six significant digits, leaves to 1/255.
 *
 * Throws RangeError when the text would exceed 200 KiB.
 */
export function encodeModel(model: RecognitionModel): string {
  const { kind, forest, ...rest } = model;
  const body = JSON.stringify(
    { kind, features: FEATURES.map(({ name }) => name), forest: toBase64(encodeEnsemble(forest)), ...rest },
    rounded,
  );
  const checksum = hex(crc32OfText(body));
  const text = `{"format":"${FORMAT}","formatVersion":${FORMAT_VERSION},"checksum":"${checksum}","body":${body}}`;
  const bytes = utf8Bytes(text);
  if (bytes > LARGEST_MODEL_FILE_BYTES) {
    throw new RangeError(
      `encodeModel: the file has ${bytes} bytes; expected at most ${LARGEST_MODEL_FILE_BYTES}: fewer trees or larger leaves`,
    );
  }
  return text;
}

/** Reads what `encodeModel` wrote. Never throws: a damaged, foreign or newer file is refused with its reason. */
export function decodeModel(text: string): DecodedModel {
  let file: unknown;
  try {
    file = JSON.parse(text);
  } catch (error) {
    return refused(`not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(file) || file['format'] !== FORMAT) return refused(`format is not ${JSON.stringify(FORMAT)}`);
  if (file['formatVersion'] !== FORMAT_VERSION) {
    return refused(`formatVersion is ${String(file['formatVersion'])}; expected ${FORMAT_VERSION}`);
  }
  const { body } = file;
  const checksum = hex(crc32OfText(JSON.stringify(body) ?? ''));
  if (file['checksum'] !== checksum) {
    return refused(`checksum is ${String(file['checksum'])}; the body gives ${checksum}: the file is damaged`);
  }
  if (!isRecord(body)) return refused('body is no object');
  if (body['schemaVersion'] !== FINGERPRINT_SCHEMA_VERSION) {
    return refused(
      `made for fingerprints of schemaVersion ${String(body['schemaVersion'])}; expected ${FINGERPRINT_SCHEMA_VERSION}`,
    );
  }
  const problem = modelBodyProblem(body);
  if (problem !== undefined) return refused(problem);
  return restored(body as ModelBody);
}

/** Only after `modelBodyProblem` found nothing. */
function restored(body: ModelBody): DecodedModel {
  const { forest: text, features, ...rest } = body;
  const bytes = fromBase64(text);
  if (bytes === undefined) return refused('forest is not base64');
  try {
    const forest = decodeEnsemble(bytes);
    if (forest.columnCount !== features.length) {
      return refused(`forest has ${forest.columnCount} columns; expected ${features.length}`);
    }
    if (forest.classCount !== body.types.length) {
      return refused(`forest has ${forest.classCount} classes; expected the ${body.types.length} of types`);
    }
    return { kind: 'model', model: { ...rest, forest } };
  } catch (error) {
    return refused(`forest: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
}

function refused(reason: string): DecodedModel {
  return { kind: 'refused', reason: `model file: ${reason}` };
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}

function utf8Bytes(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
