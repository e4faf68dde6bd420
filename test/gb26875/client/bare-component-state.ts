/** Component states (data type 2) of a make that leaves out the 31-byte description. */
export const bareComponentState = {
  type: 2,
  fields: [
    { kind: 'number', name: 'systemType', bytes: 1 },
    { kind: 'number', name: 'systemAddress', bytes: 1 },
    { kind: 'number', name: 'partType', bytes: 1 },
    { kind: 'hex', name: 'partAddress', bytes: 4 },
    { kind: 'number', name: 'status', bytes: 2 },
    { kind: 'time', name: 'at' },
  ],
};
