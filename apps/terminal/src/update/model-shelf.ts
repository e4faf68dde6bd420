import { readFileSync, rmSync } from 'node:fs';
import { decodeModel, shippedModel, type RecognitionModel } from '@fengsui/fingerprint';
import { UpdateFailure, updateFailureOf } from './update-failure.ts';
import type { Shelved, Trial, UpdateRecord } from './update-file.ts';

/** The models of a terminal: the one in force, the one before it, and the shipped one beneath both. */
export type ModelShelf = {
  /** Of the model in force. */
  running(): { readonly name: string; readonly version: string; readonly sha256?: string };
  /** @throws UpdateFailure when the file is not what was signed, or no model. */
  read(shelved: Shelved | 'shipped' | undefined): RecognitionModel;
  /** What was before is in force again; the file of what is left is deleted. */
  unshelve(model: NonNullable<UpdateRecord['model']>): void;
  /**
   * What to begin with, and counts the start: a model under which the terminal does not stay up is taken back.
   *
   * @param onFailure told when it was taken back.
   */
  atStart(onFailure: (about: Pick<Trial, 'rolloutId' | 'manifest'>, failure: UpdateFailure) => void): RecognitionModel;
};

const MOST_STARTS = 3;

/** @param keep writes what is known of the updates; it is whole when `keep` returns. */
export function createModelShelf(record: () => UpdateRecord, keep: (next: UpdateRecord) => void): ModelShelf {
  function read(shelved: Shelved | 'shipped' | undefined): RecognitionModel {
    if (shelved === undefined || shelved === 'shipped') return shippedModel();
    const { manifest, file } = shelved;
    const decoded = decodeModel(readFileSync(file, 'utf8'));
    if (decoded.kind === 'refused') throw new UpdateFailure('notAModel', decoded.reason);
    const { id, version } = decoded.model;
    if (id !== manifest.name || version !== manifest.version)
      throw new UpdateFailure(
        'wrongContent',
        `the file is ${id} ${version}, the manifest says ${manifest.name} ${manifest.version}`,
      );
    return decoded.model;
  }

  function unshelve({ previous, current }: NonNullable<UpdateRecord['model']>): void {
    const { model: _left, ...rest } = record();
    const isShipped = previous === undefined || previous === 'shipped';
    keep(isShipped ? rest : { ...rest, model: { current: previous } });
    if (current !== undefined && current.file !== (isShipped ? undefined : previous.file))
      rmSync(current.file, { force: true });
  }

  return {
    running() {
      const { current } = record().model ?? {};
      if (current !== undefined) return current.manifest;
      const { id, version } = shippedModel();
      return { name: id, version };
    },
    read,
    unshelve,
    atStart(onFailure) {
      const { model } = record();
      if (model === undefined) return shippedModel();
      const { trial } = model;
      try {
        if (trial !== undefined) {
          if (trial.starts >= MOST_STARTS) throw new UpdateFailure('restarts', `${trial.starts} starts on probation`);
          keep({ ...record(), model: { ...model, trial: { ...trial, starts: trial.starts + 1 } } });
        }
        return read(model.current);
      } catch (error) {
        const { previous } = model;
        unshelve(model);
        const about = trial ?? (model.current && { rolloutId: '', manifest: model.current.manifest });
        if (about !== undefined) onFailure(about, updateFailureOf(error, 'notAModel'));
        return read(previous);
      }
    },
  };
}
