/** Waits for `done` to settle, but no longer than `limitMs`. Never rejects. */
export async function atMost(done: Promise<unknown>, limitMs: number): Promise<void> {
  let limit: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (limit = setTimeout(resolve, limitMs)));
  await Promise.race([done.catch(() => undefined), timeout]);
  clearTimeout(limit);
}
