/** A message of a foreign source that has shown who it is. */
export type ForeignDelivery = {
  readonly sourceId: string;
  readonly body: Uint8Array;
  /** Of MQTT. */
  readonly topic?: string;
  /** By what this delivery is known when it comes again. */
  readonly deliveryId: string;
  /**
   * What the carrier says of repetition. `possible`: any delivery may be one (HTTP). `told`: MQTT says that this is one
   * (DUP, or a retained message that comes with every subscription). `none`: MQTT says that it is not.
   */
  readonly repetition: 'possible' | 'told' | 'none';
  readonly receivedAt: number;
};
