import { unsupportedRedirect, type Server } from '../../core/messages/network.ts';
import type { HttpAnswer } from './client.ts';

/** The address that a redirect leads to: on the web, and not from https to http. */
export function nextHop(from: URL, answer: HttpAnswer, server: Server): URL {
  const location = answer.headers['location'];
  const to = location !== undefined && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
  const isSafe =
    to !== undefined && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'));
  if (isSafe) return to;
  throw unsupportedRedirect(to && `${to.protocol}//${to.host}`, server);
}
