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
export { type SensorFault } from './sensor-track.ts';
export { VenueFusion, type Contribution, type Place, type PlaceAssessment, type Stage } from './venue-fusion.ts';
