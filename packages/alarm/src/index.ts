export {
  alarmStates,
  categories,
  levels,
  origins,
  priorities,
  type AlarmState,
  type Category,
  type Level,
  type Origin,
  type Priority,
} from './words.ts';
