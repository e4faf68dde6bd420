import { decodeModel } from './model-file.ts';
import type { RecognitionModel } from './recognition-model.ts';
import { shippedModelText } from './shipped-model-text.ts';

let decoded: RecognitionModel | undefined;

/**
 * The model that comes with the product: trained on the simulator alone (tools/train-fingerprint-model.ts), its card
 * says on what and how well. Decoded once.
 */
export function shippedModel(): RecognitionModel {
  if (decoded === undefined) {
    const outcome = decodeModel(shippedModelText);
    if (outcome.kind === 'refused') throw new Error(`the shipped model cannot be used: ${outcome.reason}`);
    decoded = outcome.model;
  }
  return decoded;
}
