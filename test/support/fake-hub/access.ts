import type { HubError } from './answer.ts';

export type AccessKind = 'private' | 'gated' | 'gated-pending';

interface Rule {
  readonly token: string;
  readonly kind: AccessKind;
}

/**
 * Who may see which repository. Accounts are the tokens named here and, so that tests need not announce a
 * stranger, everything that begins with `hf_`; any other token is garbage.
 */
export class Access {
  readonly #rules = new Map<string, Rule>();

  require(repo: string, token: string, kind: AccessKind): void {
    this.#rules.set(repo, { token, kind });
  }

  gated(repo: string): false | 'auto' | 'manual' {
    const kind = this.#rules.get(repo)?.kind;
    if (kind === 'gated') return 'auto';
    return kind === 'gated-pending' ? 'manual' : false;
  }

  isPrivate(repo: string): boolean {
    return this.#rules.get(repo)?.kind === 'private';
  }

  /** The error a request gets, if any. Metadata of gated repositories is public, their files are not. */
  refusal(request: {
    repo: string;
    exists: boolean;
    where: 'resolve' | 'api';
    authorization: string | undefined;
    endpoint: string;
  }): HubError | undefined {
    const { repo, exists, where, endpoint } = request;
    const token = /^Bearer\s+(.+)$/i.exec(request.authorization ?? '')?.[1];
    const account = token !== undefined && this.#isAccount(token);
    const rule = this.#rules.get(repo);

    if (rule !== undefined && rule.kind !== 'private' && exists && where === 'resolve') {
      const restricted = `Access to model ${repo} is restricted`;
      if (!account) {
        const message = `${restricted}. You must have access to it and be authenticated to access it. Please log in.`;
        return { status: 401, code: 'GatedRepo', message };
      }
      if (rule.kind === 'gated' && token === rule.token) return undefined;
      const message =
        rule.kind === 'gated-pending' && token === rule.token
          ? `Your request to access model ${repo} is awaiting a review from the repo authors.`
          : `${restricted} and you are not in the authorized list. Visit ${endpoint}/${repo} to ask for access.`;
      return { status: 403, code: 'GatedRepo', message };
    }
    if (request.authorization !== undefined && !account) {
      return { status: 401, message: 'Invalid credentials in Authorization header' };
    }
    const visible = exists && (rule?.kind !== 'private' || token === rule.token);
    if (visible) return undefined;
    // A request without a token must not reveal which private names exist.
    return account
      ? { status: 404, code: 'RepoNotFound', message: 'Repository not found' }
      : { status: 401, code: 'RepoNotFound', message: 'Invalid username or password.' };
  }

  #isAccount(token: string): boolean {
    return token.startsWith('hf_') || [...this.#rules.values()].some((rule) => rule.token === token);
  }
}
