export { Alarm, AlarmChange, alarmChangeKinds } from './api/alarm.ts';
export { CaptureSamples, CaptureSummary } from './api/capture.ts';
export {
  liveTopics,
  type LiveClientFrame,
  type LiveServerFrame,
  type LiveTopic,
  type PresenceRow,
  type ValueRow,
} from './api/live.ts';
export { Overview } from './api/overview.ts';
export {
  Device,
  Organisation,
  Point,
  PointLimit,
  Venue,
  organisationKinds,
  sensorFamilies,
  venueClasses,
  type SensorFamily,
  type VenueClass,
} from './api/registry.ts';
export { EpochMs, Instant, oneOf, page } from './api/schema.ts';
export { Account, Session, permissions, roles, type Permission, type Role } from './api/session.ts';
