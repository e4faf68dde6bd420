export async function printLanAccess(baseUrl: string, _tlsFolder: string): Promise<void> {
  console.log(`LAN    ${baseUrl}/`);
}
