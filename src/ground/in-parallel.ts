/**
 * Does the same with many, a few at a time, and answers in their order. After a failure nothing more is begun.
 * @param width how many at a time
 */
export async function inParallel<T, R>(many: readonly T[], width: number, work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const left = [...many.entries()].reverse();
  const worker = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const [at, one] = next;
      try {
        results[at] = await work(one);
      } catch (error) {
        left.length = 0;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, many.length) }, worker));
  return results;
}
