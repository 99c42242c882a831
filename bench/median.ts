export const median = (values: readonly number[]) => percentile(values, 50);

/** Of the values in their order, the one behind so many per cent of them. */
export const percentile = (values: readonly number[], at: number) => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * at) / 100))] ?? 0;
};
