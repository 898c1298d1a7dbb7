import { BlockList, isIP } from 'node:net';
import { invalidProxyUrl } from '../../core/messages/environment.ts';
import type { Environment } from '../../core/registry/string-value.ts';

export interface Proxy {
  /** Without credentials, because messages show it. */
  readonly url: URL;
  /** The value of `Proxy-Authorization`; `undefined`: the URL has no credentials. */
  readonly authorization: string | undefined;
}

/**
 * The proxies that the environment names. A lower-case variable overrides the upper-case one, and HTTP_PROXY is also used for
 * https where there is no HTTPS_PROXY. Throws `usage` for a value that is not the URL of an HTTP proxy.
 */
export class Proxies {
  readonly #forHttp: Proxy | undefined;
  readonly #forHttps: Proxy | undefined;
  readonly #exempt: readonly string[];

  constructor(environment: Environment) {
    const variable = (name: string): string => (environment[name.toLowerCase()] ?? environment[name] ?? '').trim();
    this.#forHttp = readProxy('HTTP_PROXY', variable('HTTP_PROXY'));
    this.#forHttps = readProxy('HTTPS_PROXY', variable('HTTPS_PROXY')) ?? this.#forHttp;
    this.#exempt = variable('NO_PROXY')
      .toLowerCase()
      .split(/[\s,]+/);
  }

  /** The proxy for a URL; `undefined`: requests go directly to the server. */
  for({ protocol, hostname, port }: URL): Proxy | undefined {
    const proxy = protocol === 'https:' ? this.#forHttps : this.#forHttp;
    if (!proxy) return undefined;
    const host = hostname.replace(/^\[(.*)\]$|\.$/, '$1');
    const actualPort = port || (protocol === 'https:' ? '443' : '80');
    return this.#exempt.some((entry) => isExempt(entry, host, actualPort)) ? undefined : proxy;
  }
}

function readProxy(variable: string, value: string): Proxy | undefined {
  if (value === '') return undefined;
  // As in curl, http is the default scheme.
  const text = value.includes('://') ? value : `http://${value}`;
  const given = URL.canParse(text) ? new URL(text) : undefined;
  if (!given || !/^https?:$/.test(given.protocol)) throw invalidProxyUrl(variable);
  const { origin, username, password } = given;
  const credentials = Buffer.from(`${decode(username)}:${decode(password)}`).toString('base64');
  const isNamed = username !== '' || password !== '';
  return { url: new URL(origin), authorization: isNamed ? `Basic ${credentials}` : undefined };
}

/** A percent sign that encodes nothing is part of the password. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Whether an entry of NO_PROXY matches a host: `*`, a domain with its subdomains (`example.org`, `.example.org`,
 * `*.example.org`), an IP address or a subnet (`10.0.0.0/8`). An entry that ends with a port matches that port only.
 */
function isExempt(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, bracketed, plain = entry, onlyPort = port] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(entry) ?? [];
  if (onlyPort !== port) return false;
  const name = bracketed ?? plain;
  if (isIP(host) !== 0) return isInSubnet(name, host);
  const domain = name.replace(/^\*?\./, '').replace(/\.$/, '');
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

function isInSubnet(subnet: string, address: string): boolean {
  const [network = '', bits] = subnet.split('/');
  const family = (text: string): 'ipv4' | 'ipv6' => (isIP(text) === 6 ? 'ipv6' : 'ipv4');
  const most = isIP(network) === 6 ? 128 : 32;
  const prefix = bits === undefined ? most : /^\d+$/.test(bits) ? Number(bits) : Infinity;
  if (isIP(network) === 0 || prefix > most) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family(network));
  return list.check(address, family(address));
}
