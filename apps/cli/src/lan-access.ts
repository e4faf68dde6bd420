import { lanAddresses } from './tls/lan-addresses.ts';
import { loadLanTls } from './tls/load-lan-tls.ts';
import { printLanAccess } from './tls/print-lan-access.ts';

export { lanAddresses, loadLanTls, printLanAccess };
