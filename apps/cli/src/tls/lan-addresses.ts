export function lanAddresses(): string[] {
  return [];
}
