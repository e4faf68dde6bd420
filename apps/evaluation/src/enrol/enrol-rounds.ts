import { createRecogniser, emptyEnrolment, teach, type Random, type RecognitionModel } from '@fengsui/fingerprint';
import type { ApplianceRecording } from '../recordings/appliance-recordings.ts';
import type { Switchings } from '../recordings/single-switching.ts';

export type EnrolRound = {
  readonly model: RecognitionModel;
  /** Devices are confirmed from these, and judged by those that were not confirmed. */
  readonly confirmFrom: readonly ApplianceRecording[];
  readonly judgeFrom: readonly ApplianceRecording[];
  readonly switchings: Switchings;
  /** Switchings confirmed per device: 1, 2 or 3. */
  readonly confirmations: number;
  /** A device that is not enrolled: its switchings must not be taken for another device. */
  readonly leftOut?: string;
};

/** Counts of a round. */
export type EnrolCounts = {
  /** Switchings of enrolled devices. */
  readonly known: number;
  /** Of these: the device matched best is the true one, however sure. */
  readonly right: number;
  /** Named as the true device, so sure that the product shows the name; named as another one. */
  readonly named: number;
  readonly misnamed: number;
  /** Switchings of the device left out, and how many of them got the name of an enrolled one. */
  readonly strange: number;
  readonly strangeNamed: number;
};

/**
 * Enrols every device by drawn recordings, as a person would confirm switchings, then judges one switching of every
 * other recording. No recording is both confirmed and judged.
 */
export function enrolRound(round: EnrolRound, random: Random): EnrolCounts {
  const { confirmFrom, judgeFrom, switchings, leftOut } = round;
  const labels = [...new Set(confirmFrom.map(({ label }) => label))].filter((label) => label !== leftOut);
  const used = new Set<ApplianceRecording>();
  let enrolled = emptyEnrolment();
  for (const label of labels) {
    const own = confirmFrom.filter((recording) => recording.label === label && switchings(recording) !== undefined);
    for (const recording of drawn(own, round.confirmations, random)) {
      const fingerprint = switchings(recording);
      if (fingerprint === undefined) continue;
      used.add(recording);
      enrolled = teach(enrolled, { kind: 'confirm', at: 0, deviceId: label, name: label, fingerprint });
    }
  }
  const recogniser = createRecogniser(round.model, enrolled);
  const counts = { known: 0, right: 0, named: 0, misnamed: 0, strange: 0, strangeNamed: 0 };
  for (const recording of judgeFrom) {
    const isEnrolled = labels.includes(recording.label);
    if (used.has(recording) || (!isEnrolled && recording.label !== leftOut)) continue;
    const fingerprint = switchings(recording);
    const recognition = fingerprint && recogniser.recognise(fingerprint);
    const told = recognition?.named?.level === 'device' ? recognition.named.name : undefined;
    if (!isEnrolled) {
      counts.strange++;
      if (told !== undefined) counts.strangeNamed++;
      continue;
    }
    counts.known++;
    if (recognition?.device?.deviceId === recording.label) counts.right++;
    if (told === recording.label) counts.named++;
    else if (told !== undefined) counts.misnamed++;
  }
  return counts;
}

function drawn<Item>(items: readonly Item[], count: number, random: Random): Item[] {
  const rest = [...items];
  const out: Item[] = [];
  while (out.length < count && rest.length > 0) out.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return out;
}
