import { renameSync } from 'node:fs';
import type { EnrolledDevices, RecognitionModel } from '@fengsui/fingerprint';
import {
  fitOf,
  type ReleaseKind,
  type ReleaseManifest,
  type UpdateEvidence,
  type UpdateState,
} from '@fengsui/protocol';
import type { Obeyed } from '../command/command-gate.ts';
import type { PinnedKeys } from '../command/pinned-keys.ts';
import { hasPassed, type Checks } from '../self-test/checks.ts';
import { fetchRelease, type FetchOptions } from './fetch-release.ts';
import { goldenProblem } from './golden-check.ts';
import { createModelShelf } from './model-shelf.ts';
import type { SoftwareShelf } from './software-shelf.ts';
import { UpdateFailure, updateFailureOf } from './update-failure.ts';
import { readUpdateRecord, writeUpdateRecord, type Trial, type UpdateRecord } from './update-file.ts';
import { releaseProblem } from './verify-release.ts';

/** What an update reaches of the terminal that runs. */
export type UpdateHost = {
  /** Recognises with another model from the next block on; what is tracked and taught stays. Absent: no loads here. */
  readonly useModel?: (model: RecognitionModel) => Promise<void>;
  readonly sampleRateHz?: number;
  /** What was taught, per circuit. */
  readonly enrolled: () => readonly EnrolledDevices[];
  readonly isConnected: () => boolean;
  readonly selfTest: () => Checks;
  readonly tell: (evidence: UpdateEvidence) => void;
};

export type UpdateDeskOptions = {
  /** Beside the state of the terminal. */
  readonly file: string;
  readonly keys: PinnedKeys;
  readonly deviceModel: string;
  readonly terminalVersion: string;
  /** Where and as whom files are fetched. Absent: nothing can be fetched (a device with a certificate). */
  readonly fetch?: Pick<FetchOptions, 'base' | 'deviceId' | 'secret' | 'ca' | 'bytesPerSecond' | 'firstPauseMs'>;
  /** Versions of the program; absent: the program is not updated here. */
  readonly software?: SoftwareShelf;
  /** Ends the process; a supervisor starts it again. */
  readonly restart: () => void;
  readonly now: () => number;
  /** A release on probation that is not well by then is taken back; default 10 min. */
  readonly probationMs?: number;
  readonly say?: (words: string) => void;
};

/** Takes signed releases, tries them, and goes back by itself. One at a time. */
export type UpdateDesk = {
  /** What to begin with. Counts the start: a model under which the terminal does not stay up is taken back. */
  model(): RecognitionModel;
  running(): { readonly model: string; readonly software: string };
  begin(host: UpdateHost): void;
  /** Looks after what is on probation; called again and again. */
  tick(): void;
  take(rolloutId: string, manifest: ReleaseManifest): Obeyed;
  rollBack(rolloutId: string, kind: ReleaseKind, version: string): Promise<Obeyed>;
  close(): void;
};

export const SOFTWARE_NAME = 'fengsui-terminal';
const PROBATION_MS = 10 * 60_000;
/** Of a probation: well for so long is well. */
const SETTLE_SHARE = 0.1;
const TICK_MS = 1_000;

/** @throws Error when its file holds something else. */
export function createUpdateDesk(options: UpdateDeskOptions): UpdateDesk {
  const { file, keys, software, now, restart } = options;
  const say = options.say ?? (() => undefined);
  const probationMs = options.probationMs ?? PROBATION_MS;
  let record = readUpdateRecord(file);
  let host: UpdateHost | undefined;
  let tickedAt = -Infinity;
  let wellSince: number | undefined;
  let isLeaving = false;
  let job: { readonly rolloutId: string; readonly abort: AbortController; readonly done: Promise<void> } | undefined;
  /** Told once there is an uplink: what was found at the start. */
  const untold: UpdateEvidence[] = [];

  function keep(next: UpdateRecord): void {
    writeUpdateRecord(file, next);
    record = next;
  }

  const models = createModelShelf(() => record, keep);
  const runningOf = (kind: ReleaseKind) =>
    kind === 'model' ? models.running() : { name: SOFTWARE_NAME, version: options.terminalVersion };

  function tell(
    { rolloutId, manifest }: Pick<Trial, 'rolloutId' | 'manifest'>,
    state: UpdateState,
    more: { readonly code?: string; readonly detail?: string; readonly [name: string]: unknown } = {},
  ): void {
    const { kind, name, version } = manifest;
    const { detail, ...rest } = more;
    const evidence: UpdateEvidence = {
      schema: 'update/1',
      rolloutId,
      kind,
      name,
      version,
      state,
      running: runningOf(kind).version,
      ...rest,
      ...(detail !== undefined && { detail: detail.slice(0, 500) }),
    };
    say(
      `update ${kind} ${name} ${version}: ${state}${more.code === undefined ? '' : ` (${more.code}: ${detail ?? ''})`}`,
    );
    if (host === undefined) untold.push(evidence);
    else host.tell(evidence);
  }

  async function fetched(manifest: ReleaseManifest, draft: string, signal: AbortSignal): Promise<void> {
    if (options.fetch === undefined)
      throw new UpdateFailure('notEquipped', 'files are fetched with a secret, and this terminal has none');
    await fetchRelease({ ...options.fetch, manifest, file: draft, signal });
  }

  async function installModel(rolloutId: string, manifest: ReleaseManifest, signal: AbortSignal): Promise<void> {
    const shelf = `${file.replace(/\.update\.json$/, '')}.model-${manifest.sha256.slice(0, 16)}.json`;
    await fetched(manifest, `${shelf}.part`, signal);
    const shelved = { manifest, file: shelf };
    const model = models.read({ manifest, file: `${shelf}.part` });
    const problem = goldenProblem(model, host?.enrolled() ?? []);
    if (problem !== undefined) throw new UpdateFailure('goldenCheck', problem);
    if (host?.useModel === undefined) throw new UpdateFailure('notEquipped', 'no loads are told apart here');
    const before = models.read(record.model?.current);
    renameSync(`${shelf}.part`, shelf);
    const trial = newTrial(rolloutId, manifest);
    const { current } = record.model ?? {};
    keep({ ...record, model: { current: shelved, previous: current ?? 'shipped', trial } });
    try {
      await host.useModel(model);
    } catch (error) {
      models.unshelve(record.model ?? {});
      throw new UpdateFailure('notLoaded', wordsOf(error));
    }
    wellSince = undefined;
    tell(trial, 'trying', { enrolled: enrolledWords(host.enrolled(), before, model) });
  }

  async function installSoftware(rolloutId: string, manifest: ReleaseManifest, signal: AbortSignal): Promise<void> {
    if (software === undefined) throw new UpdateFailure('notEquipped', 'the program is not updated here');
    const draft = software.draftOf(manifest);
    await fetched(manifest, draft, signal);
    await software.unpack(manifest, draft);
    if (signal.aborted) throw new UpdateFailure('givenUp', 'the update was given up');
    const trial = newTrial(rolloutId, manifest);
    // Told while the old one still can; the new one tells how it went.
    tell(trial, 'trying');
    software.switchTo(trial);
    leave();
  }

  function newTrial(rolloutId: string, manifest: ReleaseManifest): Trial {
    const since = now();
    const wrongBefore = Object.entries(host?.selfTest() ?? {}).flatMap(([name, { ok }]) => (ok ? [] : [name]));
    return { rolloutId, manifest, since, until: since + probationMs, starts: 0, wrongBefore };
  }

  function leave(): void {
    isLeaving = true;
    restart();
  }

  function run(rolloutId: string, manifest: ReleaseManifest): void {
    const abort = new AbortController();
    const install = manifest.kind === 'model' ? installModel : installSoftware;
    const done = install(rolloutId, manifest, abort.signal)
      .catch((error: unknown) => {
        const failure = updateFailureOf(error, 'failed');
        // Given up because the process ends: taken up again by the next one.
        if (failure.code === 'givenUp' && isLeaving) return;
        if (failure.code !== 'givenUp')
          tell({ rolloutId, manifest }, 'failed', { code: failure.code, detail: failure.message });
      })
      .finally(() => {
        job = undefined;
        if (isLeaving && record.job !== undefined && software?.probation() === undefined) return;
        const { job: _over, ...rest } = record;
        keep(rest);
      });
    job = { rolloutId, abort, done };
  }

  /** Well: connected, and nothing wrong that was not wrong before. */
  function isWell({ wrongBefore }: Trial, checks: Checks): boolean {
    const wrong = Object.entries(checks).filter(([name, { ok }]) => !ok && !wrongBefore.includes(name));
    return host?.isConnected() === true && wrong.length === 0;
  }

  function watch(trial: Trial, confirm: () => void, goBack: (code: string, detail: string) => void): void {
    if (host === undefined) return;
    const checks = host.selfTest();
    const at = now();
    if (isWell(trial, checks)) {
      wellSince ??= at;
      if (at - wellSince < probationMs * SETTLE_SHARE) return;
      wellSince = undefined;
      confirm();
      tell(trial, 'running', { selfTest: { passed: hasPassed(checks), checks } });
      return;
    }
    wellSince = undefined;
    if (at < trial.until) return;
    const wrong = Object.entries(checks).flatMap(([name, { ok, detail }]) => (ok ? [] : [`${name}: ${detail}`]));
    goBack('notHealthy', [...(host.isConnected() ? [] : ['not connected']), ...wrong].join('; '));
  }

  function modelGoesBack(model: NonNullable<UpdateRecord['model']>): Promise<void> {
    const before = models.read(model.previous);
    models.unshelve(model);
    return host?.useModel?.(before) ?? Promise.resolve();
  }

  return {
    model: () => models.atStart((about, { code, message }) => tell(about, 'failed', { code, detail: message })),
    running() {
      const { name, version } = models.running();
      return { model: `${name} ${version}`, software: options.terminalVersion };
    },
    begin(given) {
      host = given;
      for (const evidence of untold.splice(0)) host.tell(evidence);
      const outcome = software?.outcome();
      if (software !== undefined && outcome !== undefined) {
        const { rolloutId, version, state, code, detail } = outcome;
        const more = {
          ...(code !== undefined && { code }),
          ...(detail !== undefined && { detail: detail.slice(0, 500) }),
        };
        const named = { kind: 'software', name: SOFTWARE_NAME, version, running: options.terminalVersion } as const;
        host.tell({ schema: 'update/1', rolloutId, ...named, state, ...more });
        say(`update software ${version}: ${state}${code === undefined ? '' : ` (${code}: ${detail ?? ''})`}`);
        software.forgetOutcome();
      }
      if (record.job !== undefined) {
        const { rolloutId, manifest } = record.job;
        // Its fetching was cut off by the end of the process; on probation it is no job any more.
        const isDone = fitsOf(manifest) === 'running' || software?.probation()?.rolloutId === rolloutId;
        if (isDone || outcome?.rolloutId === rolloutId) {
          const { job: _over, ...rest } = record;
          keep(rest);
        } else run(rolloutId, manifest);
      }
    },
    tick() {
      const at = now();
      if (host === undefined || isLeaving || Math.abs(at - tickedAt) < TICK_MS) return;
      tickedAt = at;
      const { model } = record;
      if (model?.trial !== undefined) {
        const { trial, ...rest } = model;
        watch(
          trial,
          () => keep({ ...record, model: rest }),
          (code, detail) => {
            void modelGoesBack(model)
              .catch((error: unknown) => say(`update: ${wordsOf(error)}`))
              .then(() => tell(trial, 'failed', { code, detail }));
          },
        );
        return;
      }
      const trial = software?.probation();
      if (software === undefined || trial?.manifest.version !== options.terminalVersion) return;
      watch(
        trial,
        () => software.confirm(),
        (code, detail) => {
          const { rolloutId, manifest } = trial;
          if (software.goBack({ rolloutId, version: manifest.version, state: 'failed', code, detail })) leave();
        },
      );
    },
    take(rolloutId, manifest) {
      const problem = releaseProblem(manifest, keys);
      if (problem !== undefined) return { refused: problem.code, detail: problem.detail };
      const fit = fitsOf(manifest);
      const running = runningOf(manifest.kind).version;
      const isOnTrial = record.model?.trial?.rolloutId === rolloutId || software?.probation()?.rolloutId === rolloutId;
      // On probation it runs already, and has not proved itself.
      if (isOnTrial || job?.rolloutId === rolloutId) return { ok: true, result: { state: 'accepted', running } };
      if (fit === 'running') return { ok: true, result: { state: 'running', running } };
      if (fit !== 'fits') return fit;
      if (manifest.kind === 'model' && host?.useModel === undefined)
        return { refused: 'notEquipped', detail: 'no loads are told apart here' };
      if (manifest.kind === 'software' && software === undefined)
        return { refused: 'notEquipped', detail: 'it runs without --software: its program is not updated from afar' };
      if (job !== undefined || record.model?.trial !== undefined || software?.probation() !== undefined || isLeaving)
        return { refused: 'busy', detail: 'another update is under way' };
      keep({ ...record, job: { rolloutId, manifest } });
      run(rolloutId, manifest);
      return { ok: true, result: { state: 'accepted', running } };
    },
    async rollBack(rolloutId, kind, version) {
      if (job?.rolloutId === rolloutId) {
        job.abort.abort();
        await job.done;
      }
      const running = runningOf(kind);
      const back = (): Obeyed => ({ ok: true, result: { state: 'rolledBack', running: runningOf(kind).version } });
      if (kind === 'model') {
        const { model } = record;
        if (model?.current?.manifest.version !== version) return notRunning(version, running.version);
        await modelGoesBack(model);
        return back();
      }
      if (software === undefined) return { refused: 'notEquipped', detail: 'its program is not updated from afar' };
      // Unpacked, and the process about to end: the link is what counts.
      if (software.current() !== version) return notRunning(version, running.version);
      if (!software.goBack({ rolloutId, version, state: 'rolledBack' }))
        return { refused: 'nothingBefore', detail: 'there is no version before' };
      // After the reply has left.
      setTimeout(leave, 500).unref();
      return { ok: true, result: { state: 'accepted', running: running.version } };
    },
    close() {
      isLeaving = true;
      job?.abort.abort();
    },
  };

  function fitsOf(manifest: ReleaseManifest) {
    const { deviceModel, terminalVersion } = options;
    const rate = host?.sampleRateHz;
    const facts = { deviceModel, terminalVersion, running: runningOf(manifest.kind) };
    return fitOf(manifest, { ...facts, ...(rate !== undefined && { sampleRateHz: rate }) });
  }
}

const notRunning = (version: string, running: string): Obeyed => ({
  refused: 'notRunning',
  detail: `${version} does not run here, ${running} does`,
});

/** What was taught is whole feature vectors: it is kept whatever the model looks at, and compared by what that is. */
function enrolledWords(
  enrolled: readonly EnrolledDevices[],
  before: RecognitionModel,
  after: RecognitionModel,
): object {
  const devices = enrolled.reduce((sum, { devices: known }) => sum + known.length, 0);
  const isSame = before.spaceFeatures.join() === after.spaceFeatures.join();
  return { devices, kept: true, comparedByOtherFeatures: !isSame };
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
