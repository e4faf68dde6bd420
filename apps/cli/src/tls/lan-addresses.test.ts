import assert from 'node:assert/strict';
import type { NetworkInterfaceInfo } from 'node:os';
import { test } from 'node:test';
import { lanAddresses } from './lan-addresses.ts';

const entry = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  internal,
  netmask: '',
  mac: '00:00:00:00:00:00',
  cidr: null,
  ...(address.includes(':') ? { family: 'IPv6', scopeid: 0 } : { family: 'IPv4' }),
});

test('the address a phone most likely reaches comes first', () => {
  const addresses = lanAddresses({
    lo: [entry('127.0.0.1', true), entry('::1', true)],
    docker0: [entry('172.17.0.1')],
    eth0: [entry('203.0.113.7'), entry('fd00:0:0:0:0:0:0:2')],
    wlan0: [entry('192.168.1.4')],
  });
  assert.deepEqual(addresses, ['192.168.1.4', '203.0.113.7', 'fd00::2', '172.17.0.1']);
});

test('addresses that no URL can hold or that change daily are not among them', () => {
  assert.deepEqual(lanAddresses({ eth0: [entry('fe80::1'), entry('2001:db8::7')] }), []);
});

test('a machine without a network has none, and one on two interfaces is named once', () => {
  assert.deepEqual(lanAddresses({}), []);
  assert.deepEqual(lanAddresses({ eth0: [entry('10.0.0.5')], 'eth0:1': [entry('10.0.0.5')] }), ['10.0.0.5']);
});
