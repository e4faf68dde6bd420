import type { RecognitionModel } from '@fengsui/fingerprint';
import { createBetweenBlocks } from '../playback/between-blocks.ts';

/** The model a run recognises with; another one is taken between two blocks. */
export type ModelInUse = {
  /** `null`: loads are not told apart. */
  readonly current: RecognitionModel | null;
  /** Resolves when it is in use; rejects when it does not fit, and then all is as before. */
  request(next: RecognitionModel): Promise<void>;
  /** Takes what was requested. */
  change(use: (model: RecognitionModel) => void): void;
  /** What still waits never comes. */
  end(): void;
};

export function modelInUse(first: RecognitionModel | null): ModelInUse {
  let current = first;
  const requests = createBetweenBlocks<RecognitionModel>();
  return {
    get current() {
      return current;
    },
    request: (next) => requests.request(next),
    change(use) {
      requests.take((next) => {
        use(next);
        current = next;
      });
    },
    end: () => requests.end(),
  };
}
