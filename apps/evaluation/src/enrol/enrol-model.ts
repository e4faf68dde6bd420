import { readFile } from 'node:fs/promises';
import { decodeModel, shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import { EvaluationError } from '../suite.ts';

/** The model of a file, or the one the product ships: never one that learned the devices which are to be enrolled. */
export async function enrolModel(file: string | undefined): Promise<RecognitionModel> {
  if (file === undefined) return shippedModel();
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new EvaluationError(`--model: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const decoded = decodeModel(text);
  if (decoded.kind !== 'model') throw new EvaluationError(`${file}: ${decoded.reason}`);
  return decoded.model;
}
