/** `8 s`, `3 min 5 s`, `1 h 2 min`. */
export function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** `8 s left`, `4 min left`: so coarse that it stays calm. Never nothing, because something is left. */
export function timeLeft(seconds: number): string {
  if (seconds <= 99) return `${Math.max(1, Math.ceil(seconds))} s left`;
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 99 ? `${minutes} min left` : `${Math.ceil(seconds / 3600)} h left`;
}
