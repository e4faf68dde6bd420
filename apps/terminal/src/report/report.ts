/** One MQTT message of the device wire, ready to send: its bytes never change again. */
export type Packet = { readonly topic: string; readonly payload: Uint8Array };

/** What a terminal tells the centre: one message, or the chunks of one capture. */
export type Report = {
  readonly kind: 'telemetry' | 'event' | 'capture';
  readonly seq: number;
  readonly packets: readonly Packet[];
};
