import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { hubProject, type HubProject } from './hub-project.ts';
import { needsPrograms } from './needs.ts';
import type { Ran } from './scratch.ts';
import { createCertificate, OPENSSL, type Certificate } from './servers/certificate.ts';
import { FakeProxy, type ProxyOptions } from './servers/fake-proxy.ts';

export const BASE = 'ggml-base.en-q5_1.bin';
export const TINY = 'ggml-tiny.en-q5_1.bin';
/** Bytes of the first; the second has 40,000. */
export const SIZE = 2_100_000;
/** For tests of the released program with a server that is reached over TLS. */
export const options = { ...needsPrograms('openssl'), timeout: 120_000 };
export const certificate: Certificate | undefined = OPENSSL === undefined ? undefined : createCertificate();

export interface Proxied extends HubProject {
  readonly proxy: FakeProxy;
  /** Runs the released program, which trusts the certificate of the hub. */
  readonly whisper: (args: readonly string[], env?: Readonly<Record<string, string>>) => Promise<Ran>;
  /** The same with HTTPS_PROXY. */
  readonly through: (proxy: string, args?: readonly string[]) => Promise<Ran>;
}

/** A project with a hub over TLS, and a proxy. */
export async function proxied(t: TestContext, proxyOptions: ProxyOptions = {}): Promise<Proxied> {
  const project = await hubProject(t, { [BASE]: SIZE, [TINY]: 40_000 }, [], certificate);
  const proxy = await FakeProxy.start(t, proxyOptions);
  const NODE_EXTRA_CA_CERTS = project.scratch.write('ca.pem', certificate?.cert ?? '');
  const whisper = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> =>
    project.scratch.spawn(args, { env: { ...project.env, NODE_EXTRA_CA_CERTS, ...env } });
  const through = (HTTPS_PROXY: string, args: readonly string[] = ['download', BASE, '--json']): Promise<Ran> =>
    whisper(args, { HTTPS_PROXY });
  return { ...project, proxy, whisper, through };
}

export function assertArrived({ scratch, models }: HubProject, ran: Ran): void {
  assert.equal(ran.code, 0, ran.stdout + ran.stderr);
  assert.ok(readFileSync(join(scratch.models, BASE)).equals(models[BASE]?.content ?? Buffer.alloc(0)));
}
