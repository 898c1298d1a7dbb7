const PHRASES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  408: 'Request Timeout',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
};

/** The words for a status, in parentheses behind a blank; empty where there are none. */
export function phraseOf(status: number): string {
  const phrase = PHRASES[status];
  return phrase === undefined ? '' : ` (${phrase})`;
}
