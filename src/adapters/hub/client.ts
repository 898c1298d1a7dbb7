import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { WhisperError } from '../../core/errors.ts';
import type { AnswerHead } from '../../core/hub/answer.ts';

export interface HttpAnswer extends AnswerHead {
  readonly url: URL;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface HttpSettings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without a byte after which a connection counts as stalled. */
  readonly stallTimeout: number;
}

const CONNECT_TIMEOUT = 10_000;

/** GET requests without redirects, through the proxy that the environment names. */
export class HttpClient {
  readonly #dispatcher: Dispatcher;

  constructor({ environment, stallTimeout }: HttpSettings) {
    const variable = (name: string): string | undefined => environment[name.toLowerCase()] ?? environment[name];
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY']) requireProxy(name, variable(name));
    this.#dispatcher = new EnvHttpProxyAgent({
      // Always given, so that the variables of this process are not consulted in place of the host's.
      httpProxy: variable('HTTP_PROXY') ?? '',
      httpsProxy: variable('HTTPS_PROXY') ?? '',
      noProxy: variable('NO_PROXY') ?? '',
      // Without it undici 7 tunnels to http targets with CONNECT, which many proxies refuse.
      proxyTunnel: false,
      connect: { timeout: CONNECT_TIMEOUT },
      headersTimeout: stallTimeout,
      bodyTimeout: stallTimeout,
    });
  }

  async get(url: URL, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await request(url, {
      dispatcher: this.#dispatcher,
      // Compression would hide the size and break ranges.
      headers: { 'accept-encoding': 'identity', 'user-agent': 'whisper-models', ...headers },
      signal,
    });
    // An answer that is thrown away half-read must not bring the process down.
    answer.body.on('error', () => {});
    const flat = Object.entries(answer.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]);
    return { status: answer.statusCode, headers: Object.fromEntries(flat), url, body: answer.body };
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }
}

function requireProxy(name: string, value: string | undefined): void {
  if (!value || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol))) return;
  throw new WhisperError('usage', `${name} is no address of a proxy`, 'It looks like http://proxy.example:3128.');
}

/** Lets an answer go unread. */
export function discard(answer: HttpAnswer): void {
  answer.body.destroy();
}

/** The beginning of a text answer, for messages: up to `limit` bytes. */
export async function readSome(answer: HttpAnswer, limit = 4096): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= limit) break;
    }
  } catch {
    // The connection broke: what has come is all there is to show.
  }
  discard(answer);
  return Buffer.concat(chunks).subarray(0, limit).toString('utf8');
}

/** The code of a network error, at whatever depth undici and Node put it. */
export function networkErrorCode(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (at instanceof AggregateError && at.errors.length > 0) return networkErrorCode(at.errors[0]);
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Whether a network error will be the same at the next try: a certificate that is not trusted, a proxy's refusal. */
export function isLastingNetworkError(code: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS|ERR_SSL|UND_ERR_PRX_TLS|UND_ERR_INVALID_ARG|ERR_INVALID_URL/.test(
    code,
  );
}

const NETWORK_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'its name cannot be resolved',
  EAI_AGAIN: 'its name cannot be resolved just now',
  ENETUNREACH: 'the network is unreachable',
  EHOSTUNREACH: 'the host is unreachable',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'the connection timed out',
  UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
  UND_ERR_BODY_TIMEOUT: 'it stopped sending',
  UND_ERR_SOCKET: 'the connection broke off',
};

export function unreachable(url: URL, code: string, cause: unknown): WhisperError {
  const reason = NETWORK_ERRORS[code] ?? code;
  const hint = isLastingNetworkError(code)
    ? 'If a proxy or a company certificate is in between, name its CA file in NODE_EXTRA_CA_CERTS.'
    : 'Check the network, HF_ENDPOINT and the proxy settings; the next run goes on where this one stopped.';
  return new WhisperError('hub-unreachable', `Cannot reach ${url.origin}: ${reason}`, hint, {
    details: { url: url.origin, reason: code },
    cause,
  });
}
