export { lanAddresses } from './tls/lan-addresses.ts';
export { loadLanTls, type LanTls } from './tls/load-lan-tls.ts';
export { printLanAccess } from './tls/print-lan-access.ts';
