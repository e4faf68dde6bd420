/** What the simulator asks for; a subset of what the centre takes. */
export type DeviceWish = {
  readonly id: string;
  readonly model: string;
  readonly venueId: string;
  readonly parentId?: string;
  readonly reportingIntervalMs: number;
  readonly gb?: { readonly address: string };
};

/** Where devices are registered: over the API, or at the centre of this machine. */
export type Registrar = {
  prepareVenue(id: string): Promise<void>;
  /** The secret, or undefined when there is such a device already. */
  create(device: DeviceWish): Promise<string | undefined>;
  /** A new secret for a device that is there. @throws Error when it is not the device that is meant. */
  renew(device: DeviceWish): Promise<string>;
};
