import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** An address that a host has, and that is not one of the public internet. */
export class PrivateAddress extends Error {
  readonly address: string;

  constructor(address: string) {
    super(`${address} is not a public address`);
    this.address = address;
  }
}

// This host and network, loopback, private use, shared by carriers, link-local (with the metadata of clouds), protocol
// assignments, benchmarks, multicast and reserved (https://www.iana.org/assignments/iana-ipv4-special-registry).
const SUBNETS_4 =
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4';
// Unspecified, loopback, unique local, link-local and multicast; those with an IPv4 address inside are compared by it.
const SUBNETS_6 = '::/128 ::1/128 fc00::/7 fe80::/10 fec0::/10 ff00::/8';
/** IPv4-mapped, the old compatible form, and the prefix of NAT64. */
const EMBEDDED = /^(?:::ffff:|::|64:ff9b::)(\d+\.\d+\.\d+\.\d+)$/;

const PRIVATE = new BlockList();
for (const [subnets, family] of [
  [SUBNETS_4, 'ipv4'],
  [SUBNETS_6, 'ipv6'],
] as const) {
  for (const subnet of subnets.split(' ')) {
    const [network = '', prefix] = subnet.split('/');
    PRIVATE.addSubnet(network, Number(prefix), family);
  }
}

/** Whether an IP address is one of this machine or of a network that is not public. */
export function isPrivate(address: string): boolean {
  const [plain = ''] = address.split('%');
  const inner = EMBEDDED.exec(asMixed(plain))?.[1];
  if (inner !== undefined) return PRIVATE.check(inner, 'ipv4') || !plain.startsWith('64:');
  return PRIVATE.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4');
}

/** `::ffff:7f00:1` → `::ffff:127.0.0.1`; any other address as it is. */
function asMixed(address: string): string {
  const [, prefix, high, low] = /^(::ffff:|::|64:ff9b::)([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address) ?? [];
  if (prefix === undefined || high === undefined || low === undefined) return address.toLowerCase();
  const bytes = [high, low].flatMap((word) => [parseInt(word, 16) >> 8, parseInt(word, 16) & 0xff]);
  return prefix.toLowerCase() + bytes.join('.');
}

/** The private address that a URL names itself, also where a proxy would resolve it. */
export function namedPrivate({ hostname }: URL): string | undefined {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isNamed = /(^|\.)localhost$/.test(plain) || (isIP(plain) !== 0 && isPrivate(plain));
  return isNamed ? plain : undefined;
}

/** Resolves a host for `net.connect`, and fails where one of its addresses is private: the next try might take that one. */
export const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error: Error | null, addresses: LookupAddress[]) => {
    const hidden = error ? undefined : addresses.find(({ address }) => isPrivate(address));
    const [first] = addresses ?? [];
    if (error || hidden || !first) done(error ?? new PrivateAddress(hidden?.address ?? hostname), '', 0);
    else if (options.all === true) (done as (error: null, all: LookupAddress[]) => void)(null, addresses);
    else done(null, first.address, first.family);
  });
};
