const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
  ['second', 1],
];

const monthSeconds = 30 * 86_400;
let timer: number | undefined;

/** Keeps `<time data-relative>` true while the page stays open; the server wrote the first value. */
export function relativeTimes(): void {
  window.clearInterval(timer);
  const times = [...document.querySelectorAll<HTMLTimeElement>('time[data-relative]')];
  if (times.length > 0) {
    timer = window.setInterval(() => times.forEach(show), 15_000);
  }
}

function show(time: HTMLTimeElement): void {
  const seconds = (Date.parse(time.dateTime) - Date.now()) / 1000;
  const [unit, size] = units.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  if (Math.abs(seconds) < monthSeconds) {
    const format = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: 'auto' });
    time.textContent = format.format(Math.round(seconds / size), unit);
  }
}
