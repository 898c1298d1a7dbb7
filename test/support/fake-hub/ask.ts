import { request, type IncomingHttpHeaders } from 'node:http';

export interface Told {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** How the body broke off, or why there was no answer at all. */
  readonly error: string | undefined;
}

/** One request on a connection of its own; no redirect is followed, and trouble is part of what it tells. */
export function ask(
  url: string,
  options: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
    enough?: number;
  } = {},
): Promise<Told> {
  const { method = 'GET', headers = {}, body, enough = Infinity } = options;
  return new Promise((resolve) => {
    const asking = request(url, { method, headers, agent: false }, (answer) => {
      const chunks: Buffer[] = [];
      const tell = (error?: string): void =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          body: Buffer.concat(chunks),
          error,
        });
      let received = 0;
      answer.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        received += chunk.length;
        if (received < enough) return;
        tell();
        asking.destroy();
      });
      answer.on('end', () => tell());
      answer.on('error', (error: NodeJS.ErrnoException) => tell(error.code ?? error.message));
    });
    asking.on('error', (error: NodeJS.ErrnoException) =>
      resolve({
        status: 0,
        headers: {},
        body: Buffer.alloc(0),
        error: error.code ?? error.message,
      }),
    );
    asking.end(body);
  });
}
