const DAY_MS = 86_400_000;

/** Of an event `e`: when which load was switched. The index event_load has just these. */
export const IS_OF_LOAD = `e.kind in ('loadOn', 'loadOff')`;

/** Of a recording `t`: a switching, whose event names it; a terminal that was cut off may send it weeks later. */
export const OF_A_LOAD =
  `exists (select 1 from event e where e.device_id = t.device_id and ${IS_OF_LOAD} and e.capture_id = t.capture_id ` +
  `and e.at > t.received_at - ${31 * DAY_MS} and e.at < t.received_at + ${DAY_MS})`;

/** Of a recording `t`: one that an alarm names is evidence, and stays as long as the alarm does. */
export const OF_NO_ALARM =
  `not exists (select 1 from alarm a where a.device_id = t.device_id ` +
  `and a.doc ->> 'captureId' in (t.capture_id, t.id))`;
