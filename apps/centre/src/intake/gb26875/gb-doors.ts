import { addressListOf, splitAddresses } from './address-list.ts';
import { GbDoor } from './gb-door.ts';
import { GbIntake, type GbIntakeOptions } from './gb-intake.ts';
import type { GbRequest, GbResult } from './transactions.ts';

/** The way to transmission devices, wherever their doors are. */
export type GbReach = {
  isConnected(deviceId: string): boolean;
  /** Whether the device hears another centre: we ask it nothing. */
  isListening(deviceId: string): boolean;
  /** Bytes of another centre, as they are; false when the device is not connected. */
  send(deviceId: string, bytes: Uint8Array): boolean;
  /** Has the centre ask something of a device; undefined when it is not connected. */
  ask(deviceId: string, request: GbRequest): Promise<GbResult | undefined>;
};

/** Where GB/T 26875.3 listens; `allow` names addresses and networks, absent: everybody who reaches the host. */
export type GbPlace = { readonly host: string; readonly port: number; readonly allow?: string | undefined };

/** The doors of this process for GB/T 26875.3, and what frames become behind them. */
export function createGbDoors(
  { host, port, allow }: GbPlace,
  options: GbIntakeOptions,
): { readonly intake: GbIntake; readonly door: GbDoor } {
  const intake = new GbIntake(options);
  const allowed = allow === undefined ? {} : { allow: addressListOf(splitAddresses(allow)) };
  const { clock, log } = options;
  return { intake, door: new GbDoor({ host, port, intake, clock, log, ...allowed }) };
}
