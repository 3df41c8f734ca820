/** How many of a sorted list's first elements are so, by halving: `isSo` holds for them, and for none behind. */
export function countLeading<T>(sorted: readonly T[], isSo: (element: T) => boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const element = sorted[middle];
    if (element !== undefined && isSo(element)) low = middle + 1;
    else high = middle;
  }
  return low;
}
