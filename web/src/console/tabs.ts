const LOCK = 'relais-interview-console';

/**
 * One tab at a time has the console. Resolves to false when another has it; with <c>take</c> it is taken from that one, which is told.
 */
export function haveConsole(take: boolean, lost: () => void): Promise<boolean> {
  return new Promise(resolve => {
    const options: LockOptions = take ? { steal: true } : { ifAvailable: true };
    navigator.locks
      .request(LOCK, options, lock => {
        resolve(lock !== null);
        // Held until the tab closes, or another steals it.
        return lock ? new Promise<void>(() => undefined) : undefined;
      })
      .catch(lost);
  });
}
