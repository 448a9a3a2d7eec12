/** Time that passes only while everybody waits: hours cost nothing. */
export interface Clock {
  now(): Date;
  sleep(milliseconds: number): Promise<void>;
}

export function clockAt(start: Date): Clock {
  let now = start.getTime();
  let waiting: { readonly until: number; readonly wake: () => void }[] = [];
  let isTicking = false;

  // What was woken runs to its next wait before the event loop comes back here.
  const tick = (): void => {
    const next = Math.min(...waiting.map(({ until }) => until));
    now = Math.max(now, next);
    const due = waiting.filter(({ until }) => until === next);
    waiting = waiting.filter(({ until }) => until !== next);
    for (const { wake } of due) wake();
    isTicking = false;
    if (waiting.length > 0) startTicking();
  };
  const startTicking = (): void => {
    if (isTicking) return;
    isTicking = true;
    setImmediate(tick);
  };
  return {
    now: () => new Date(now),
    sleep: (milliseconds) =>
      new Promise((wake) => {
        waiting.push({ until: now + milliseconds, wake });
        startTicking();
      }),
  };
}
