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
const PRIVATE_4 = subnets(
  'ipv4',
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4',
);
/** Global unicast. Everything else of IPv6 is local, reserved, or an IPv4 address in another form. */
const PUBLIC_6 = subnets('ipv6', '2000::/3');
// Protocol assignments with Teredo, documentation, and 6to4: the second and the last have an IPv4 address inside
// (https://www.iana.org/assignments/iana-ipv6-special-registry).
const PRIVATE_6 = subnets('ipv6', '2001::/23 2001:db8::/32 2002::/16 3fff::/20');
/** NAT64: the last 32 bits are an IPv4 address, which counts. */
const NAT64 = subnets('ipv6', '64:ff9b::/96');

function subnets(family: 'ipv4' | 'ipv6', list: string): BlockList {
  const result = new BlockList();
  for (const subnet of list.split(' ')) {
    const [network = '', prefix] = subnet.split('/');
    result.addSubnet(network, Number(prefix), family);
  }
  return result;
}

/** Whether an IP address is one of this machine or of a network that is not public. */
export function isPrivate(address: string): boolean {
  const [plain = ''] = address.split('%');
  if (isIP(plain) !== 6) return PRIVATE_4.check(plain, 'ipv4');
  if (NAT64.check(plain, 'ipv6')) return PRIVATE_4.check(lastBytes(plain), 'ipv4');
  return !PUBLIC_6.check(plain, 'ipv6') || PRIVATE_6.check(plain, 'ipv6');
}

/** The last four bytes of an IPv6 address as an IPv4 address. */
function lastBytes(address: string): string {
  const mixed = /\d+\.\d+\.\d+\.\d+$/.exec(address)?.[0];
  if (mixed !== undefined) return mixed;
  const words = address.replace(/.*::/, '0:0:').split(':').slice(-2);
  return words.flatMap((word) => [parseInt(word || '0', 16) >> 8, parseInt(word || '0', 16) & 0xff]).join('.');
}

// Names that the public DNS never has: of this machine, of a local network, and those without a dot.
const LOCAL_NAME = /^[^.]*$|\.(localhost|local|internal|home\.arpa)$/;

/** The private address or name that a URL has in itself, which also counts where a proxy would resolve it. */
export function privateHostOf({ hostname }: URL): string | undefined {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  const isNamed = isIP(plain) === 0 ? LOCAL_NAME.test(plain) : isPrivate(plain);
  return isNamed ? plain : undefined;
}

/**
 * Resolves a host for `net.connect`, and fails where one of its addresses is private: the next try might take that one. Hosts
 * among `allowed` may have any address.
 */
export function publicLookup(allowed: ReadonlySet<string>): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname, { ...options, all: true }, (error: Error | null, addresses: LookupAddress[]) => {
      const isChecked = !error && !allowed.has(hostname);
      const hidden = isChecked ? addresses.find(({ address }) => isPrivate(address)) : undefined;
      const [first] = addresses ?? [];
      if (error || hidden || !first) done(error ?? new PrivateAddress(hidden?.address ?? hostname), '', 0);
      else if (options.all === true) (done as (error: null, all: LookupAddress[]) => void)(null, addresses);
      else done(null, first.address, first.family);
    });
  };
}
