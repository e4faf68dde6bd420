export async function loadLanTls(tlsFolder: string): Promise<{ key: string; cert: string }> {
  throw new Error(`no certificate in ${tlsFolder}; run "fengsui tls init"`);
}
