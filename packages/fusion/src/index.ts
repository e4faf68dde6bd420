/** Is there a fire in this place, from all that is known of the venue: log-odds with what they are made of. */
export {
  electricalKinds,
  electricalOdds,
  evidenceLaws,
  modalities,
  type ElectricalKind,
  type EvidenceLaw,
  type Modality,
} from './fire-evidence.ts';
export {
  PlaceEvidence,
  type Contribution,
  type PlaceAssessment,
  type PlaceEvidenceState,
  type Stage,
} from './place-evidence.ts';
export { type SensorFault } from './sensor-track.ts';
export { VenueFusion, type Place } from './venue-fusion.ts';
