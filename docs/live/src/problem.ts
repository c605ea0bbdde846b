/** What went wrong, for people. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** An error of the libraries, which say what is wrong and what to do, or any other. */
export function problemOf(error: unknown): Problem {
  const { code, message, hint } = error as Partial<Problem>;
  return {
    code: typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown',
    message: typeof message === 'string' ? message : String(error),
    hint:
      typeof hint === 'string'
        ? hint
        : 'Try again; if it happens again, please report it with the diagnostics below.',
  };
}
