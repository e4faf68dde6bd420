/** What only the doors and the core's own timers know. */
export type DoorFigures = {
  readonly mqttSessions: number;
  /** Connections that have not had their turn yet. */
  readonly mqttWaiting: number;
  /** Processes with the MQTT doors; absent where these are here. */
  readonly gateways?: number;
  /** Screens and programs on the live feed. */
  readonly feedClients: number;
  /** Reports received since the start. */
  readonly reports: number;
  readonly timers: number;
  readonly timersLateMs: number;
  readonly machineAheadMs: number;
  /** Messages put into quarantine since the start. */
  readonly quarantined: number;
};
