const FREQUENCIES = [660, 880];
const TONE_S = 0.12;
const VOLUME = 0.2;

let context: AudioContext | undefined;

/** Two short tones, rising: somebody is on the line. Silent where the browser lets no sound through yet. */
export function chime(): void {
  const audio = (context ??= new AudioContext());
  const gain = audio.createGain();
  gain.gain.value = VOLUME;
  gain.connect(audio.destination);
  FREQUENCIES.forEach((frequency, i) => {
    const tone = audio.createOscillator();
    tone.frequency.value = frequency;
    tone.connect(gain);
    tone.start(audio.currentTime + i * TONE_S);
    tone.stop(audio.currentTime + (i + 1) * TONE_S);
  });
}
