// What the sample pages do themselves: sound without a file, one page without loading, and the wish not to be counted.
const seconds = 60;
const rate = 8000;

function tone(frequency) {
  const view = new DataView(new ArrayBuffer(44 + seconds * rate));
  const put = (at, text) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  put(0, 'RIFF');
  view.setUint32(4, 36 + seconds * rate, true);
  put(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, rate, true);
  view.setUint32(28, rate, true);
  view.setUint16(32, 1, true);
  view.setUint16(34, 8, true);
  put(36, 'data');
  view.setUint32(40, seconds * rate, true);
  for (let i = 0; i < seconds * rate; i++) view.setUint8(44 + i, 128 + 12 * Math.sin((2 * Math.PI * frequency * i) / rate));
  return URL.createObjectURL(new Blob([view], { type: 'audio/wav' }));
}

for (const audio of document.querySelectorAll('audio[data-tone]')) audio.src = tone(Number(audio.dataset.tone));

document.getElementById('more')?.addEventListener('click', event => {
  event.preventDefault();
  document.getElementById('rest').hidden = false;
  history.pushState(null, '', event.target.href);
});

const out = document.getElementById('out');
out.checked = localStorage.getItem('relais.out') === '1';
out.addEventListener('change', () => window.relais?.optOut(out.checked));
