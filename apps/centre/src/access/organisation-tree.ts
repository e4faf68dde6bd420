/** Whose venues are whose: the registry, or what a process without one reads of it. */
export type OrganisationTree = {
  /** Venues owned by the organisation or by any below it, in an order that stays while they do. */
  venuesBelow(organisationId: string): readonly string[];
};

/** For a store without organisations. */
export const noOrganisations: OrganisationTree = { venuesBelow: () => [] };
