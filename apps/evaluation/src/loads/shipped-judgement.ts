import { createRecogniser, shippedModel, type LoadFamily } from '@fengsui/fingerprint';
import { applianceFamily } from '../recordings/appliance-family.ts';
import type { ApplianceRecording } from '../recordings/appliance-recordings.ts';
import type { Switchings } from '../recordings/single-switching.ts';

/** How the model the product ships, which learned from no recording, fares on these recordings without enrolment. */
export type ShippedJudgement = {
  readonly familyAccuracy: number;
  /** Given a family or a type, of all; the type alone; wrong family among those named. */
  readonly namedShare: number;
  readonly typeNamedShare: number;
  readonly wrongNameRate: number;
  readonly perLabel: Readonly<
    Record<string, { recordings: number; familyRight: number; named: number; wrong: number }>
  >;
};

/** Judges each recording's one switching; a type counts as right when its family is. */
export function judgeShipped(recordings: readonly ApplianceRecording[], switchings: Switchings): ShippedJudgement {
  const model = shippedModel();
  const recogniser = createRecogniser(model);
  const familyOf = new Map(model.types.map(({ name, family }): [string, string] => [name, family]));
  const perLabel: Record<string, { recordings: number; familyRight: number; named: number; wrong: number }> = {};
  const total = { recordings: 0, familyRight: 0, named: 0, typed: 0, wrong: 0 };
  for (const recording of recordings) {
    const own = (perLabel[recording.label] ??= { recordings: 0, familyRight: 0, named: 0, wrong: 0 });
    own.recordings++;
    total.recordings++;
    const fingerprint = switchings(recording);
    if (fingerprint === undefined) continue;
    const { families, named } = recogniser.recognise(fingerprint);
    const isRight = (family: string | undefined): boolean =>
      acceptedFamilies(recording.label, applianceFamily(recording.label, fingerprint)).some((one) => one === family);
    if (isRight(families[0]?.family)) {
      own.familyRight++;
      total.familyRight++;
    }
    if (named === undefined) continue;
    own.named++;
    total.named++;
    if (named.level === 'type') total.typed++;
    if (!isRight(named.level === 'type' ? familyOf.get(named.name) : named.name)) {
      own.wrong++;
      total.wrong++;
    }
  }
  return {
    familyAccuracy: total.familyRight / total.recordings,
    namedShare: total.named / total.recordings,
    typeNamedShare: total.typed / total.recordings,
    wrongNameRate: total.wrong / total.named,
    perLabel,
  };
}

/** An air conditioner is a motor or, with an inverter, electronic: its label does not say which. */
function acceptedFamilies(label: string, family: LoadFamily): readonly LoadFamily[] {
  return label.includes('conditioner') ? ['motor', 'electronic'] : [family];
}
