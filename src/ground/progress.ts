/** How the library tells a person what it is doing. It never prints: whoever calls it hands one of these in. */
export interface Progress {
  /** One finished fact, in one line. */
  say(line: string): void;
  /**
   * Runs `work` under a label that is shown while it lasts.
   * @param label what is being done, e.g. "building the image ssh-trust/vault"
   */
  during<T>(label: string, work: (detail: (text: string) => void) => Promise<T>): Promise<T>;
}

/** Says nothing; for readers and tests. */
export const silent: Progress = {
  say: () => undefined,
  during: (_label, work) => work(() => undefined),
};
