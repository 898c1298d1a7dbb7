import type { CatalogueEntry } from '../../core/catalogue/entries.ts';
import type { WhisperError } from '../../core/errors.ts';
import { invalidHubUrl } from '../../core/messages/environment.ts';
import { retryingWithoutToken } from '../../core/messages/network.ts';
import type { Environment } from '../../core/registry/string-value.ts';
import { RateLimitGate } from './rate-limit-gate.ts';
import { findToken, isTrue } from './token.ts';

/** The hub that the environment names. */
export interface Hub {
  readonly endpoint: URL;
  readonly token: string | undefined;
}

export interface AccessSettings {
  /** Waits; rejects when the program is being ended or `until` is aborted. */
  readonly delay: (milliseconds: number, until: AbortSignal) => Promise<void>;
  /** Called with a sentence for a person. */
  readonly onNotice: (notice: string) => void;
  /** Called when a server wants to be left alone for some milliseconds. */
  readonly onWait: (milliseconds: number, reason: string) => void;
}

/** What all transfers of a command have in common: the hub, its token, and who is to be left alone for a while. */
export class HubAccess {
  readonly endpoint: URL;
  /** What must never be shown. */
  readonly givenToken: string | undefined;
  readonly holds: RateLimitGate;
  readonly #settings: AccessSettings;
  #refusal: WhisperError | undefined;

  constructor({ endpoint, token }: Hub, settings: AccessSettings) {
    this.endpoint = endpoint;
    this.givenToken = token;
    this.holds = new RateLimitGate(settings.delay);
    this.#settings = settings;
  }

  /** The token to be sent; `undefined`: none, or one that the hub does not accept. */
  get token(): string | undefined {
    return this.#refusal ? undefined : this.givenToken;
  }

  /** What the hub said about the token, where it did not accept it. */
  get tokenRefusal(): WhisperError | undefined {
    return this.#refusal;
  }

  /** The hub does not accept the token: from now on it is asked without. */
  dropToken(refusal: WhisperError): void {
    if (!this.#refusal) this.#settings.onNotice(retryingWithoutToken());
    this.#refusal ??= refusal;
  }

  /** Leaves a server alone for some milliseconds, because it asked for that. */
  hold(origin: string, milliseconds: number, reason: string): void {
    if (this.holds.hold(origin, milliseconds)) this.#settings.onWait(milliseconds, reason);
  }
}

/** The address at which the hub answers for a model of the catalogue. */
export function resolveUrl({ endpoint }: Pick<Hub, 'endpoint'>, { repo, revision, file }: CatalogueEntry): URL {
  return new URL(`${endpoint.href.replace(/\/+$/, '')}/${repo}/resolve/${encodeURIComponent(revision)}/${file}`);
}

const DEFAULT_ENDPOINT = 'https://huggingface.co';

/** The hub that the environment names, by the variables of the Hugging Face tools. */
export function hubOf(environment: Environment): Hub {
  const given = environment['HF_ENDPOINT']?.trim() || DEFAULT_ENDPOINT;
  const endpoint = URL.canParse(given) ? new URL(given) : undefined;
  const isPlain = endpoint !== undefined && endpoint.search === '' && endpoint.hash === '';
  if (isPlain && (endpoint.protocol === 'https:' || endpoint.protocol === 'http:'))
    return { endpoint, token: findToken(environment) };
  throw invalidHubUrl(given, DEFAULT_ENDPOINT);
}

/** Whether the environment forbids the network. */
export function isOffline(environment: Environment): boolean {
  return isTrue(environment['HF_HUB_OFFLINE']) || isTrue(environment['TRANSFORMERS_OFFLINE']);
}

/** Milliseconds without a byte after which a connection counts as stalled; `HF_HUB_DOWNLOAD_TIMEOUT` gives seconds. */
export function stallTimeout(environment: Environment): number {
  const seconds = Number(environment['HF_HUB_DOWNLOAD_TIMEOUT']);
  return (seconds > 0 ? seconds : 20) * 1000;
}
