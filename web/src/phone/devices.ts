import { part } from './parts';

const KEPT = 'relais-phone-';

/** Which microphone and which earphones, kept for the next time, and how loud the microphone is. */
export class Devices {
  stream: MediaStream | undefined;

  /** Of the microphone, 0 to 1. */
  loudness = 0;

  private readonly microphone: HTMLSelectElement;
  private readonly speaker: HTMLSelectElement;
  private readonly level: HTMLMeterElement;
  private readonly unplugged: HTMLElement;
  private readonly sound: HTMLAudioElement;
  private meter: AudioContext | undefined;
  private frame = 0;
  private lost = false;
  private switched: (track: MediaStreamTrack) => void = () => undefined;

  constructor(private readonly root: HTMLElement) {
    this.microphone = part(root, 'microphone');
    this.speaker = part(root, 'speaker');
    this.level = part(root, 'level');
    this.unplugged = part(root, 'unplugged');
    this.sound = part(root, 'sound');
    this.microphone.addEventListener('change', this.choose);
    this.speaker.addEventListener('change', this.chooseSpeaker);
    navigator.mediaDevices.addEventListener('devicechange', this.plugged);
    if (!('setSinkId' in this.sound)) {
      this.speaker.hidden = true;
      this.speaker.labels.forEach(label => (label.hidden = true));
    }

    void this.list();
  }

  /** Told of the track of another microphone. */
  onSwitch(switched: (track: MediaStreamTrack) => void): void {
    this.switched = switched;
  }

  async open(): Promise<MediaStream> {
    this.release();
    const device = this.microphone.value || kept('microphone');
    const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: device ? { ...audio, deviceId: { ideal: device } } : audio });
    await this.list();
    this.watch(this.stream);
    this.stream.getAudioTracks().forEach(track => track.addEventListener('ended', () => void this.replace(track)));
    return this.stream;
  }

  mute(muted: boolean): void {
    this.stream?.getAudioTracks().forEach(track => (track.enabled = !muted));
  }

  close(): void {
    this.release();
    this.lost = false;
    this.tell();
  }

  private release(): void {
    cancelAnimationFrame(this.frame);
    void this.meter?.close();
    this.meter = undefined;
    this.stream?.getTracks().forEach(track => track.stop());
    this.stream = undefined;
    this.level.value = this.loudness = 0;
  }

  dispose(): void {
    this.microphone.removeEventListener('change', this.choose);
    this.speaker.removeEventListener('change', this.chooseSpeaker);
    navigator.mediaDevices.removeEventListener('devicechange', this.plugged);
    this.close();
  }

  private readonly choose = async () => {
    keep('microphone', this.microphone.value);
    if (!this.stream) {
      return;
    }

    await this.reopen();
    this.lost = false;
    this.tell();
  };

  // A headset that is pulled out: another microphone takes its place at once, so that the respondent hears somebody; where there is none, it does as soon as there is.
  private async replace(track: MediaStreamTrack): Promise<void> {
    if (!this.stream?.getAudioTracks().includes(track)) {
      return;
    }

    this.lost = true;
    this.tell('unplugged');
    try {
      await this.reopen();
      this.lost = false;
      this.tell('switched', this.stream?.getAudioTracks()[0]?.label);
    } catch {
      // It says so already, and what is plugged in next is tried.
    }
  }

  private readonly plugged = async () => {
    await this.list();
    const [track] = this.stream?.getAudioTracks() ?? [];
    if (this.lost && track) {
      await this.replace(track);
    }
  };

  private tell(key?: string, name = ''): void {
    this.unplugged.hidden = !key;
    this.unplugged.textContent = key ? (this.root.dataset[key] ?? '').replace('{0}', name) : '';
  }

  private async reopen(): Promise<void> {
    const before = this.stream;
    const muted = before?.getAudioTracks().some(track => !track.enabled);
    try {
      const [track] = (await this.open()).getAudioTracks();
      if (track) {
        track.enabled = !muted;
        this.switched(track);
      }
    } catch (error) {
      // So that it is known what was there.
      this.stream ??= before;
      throw error;
    }
  }

  private readonly chooseSpeaker = async () => {
    keep('speaker', this.speaker.value);
    await this.sound.setSinkId(this.speaker.value);
  };

  // Names are told only once the microphone is allowed.
  private readonly list = async () => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    this.fill(this.microphone, devices.filter(device => device.kind === 'audioinput'), kept('microphone'));
    this.fill(this.speaker, devices.filter(device => device.kind === 'audiooutput'), kept('speaker'));
    if (this.speaker.value && 'setSinkId' in this.sound && this.sound.sinkId !== this.speaker.value) {
      await this.sound.setSinkId(this.speaker.value).catch(() => undefined);
    }
  };

  private fill(list: HTMLSelectElement, devices: MediaDeviceInfo[], wanted: string): void {
    const chosen = list.value || wanted;
    list.replaceChildren(
      ...devices.map((device, at) => {
        const name = device.label || (this.root.dataset['device'] ?? '').replace('{0}', String(at + 1));
        return new Option(name, device.deviceId, false, device.deviceId === chosen);
      }),
    );
  }

  private watch(stream: MediaStream): void {
    this.meter = new AudioContext();
    const analyser = this.meter.createAnalyser();
    this.meter.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    const show = () => {
      analyser.getFloatTimeDomainData(samples);
      this.level.value = this.loudness = Math.min(1, 3 * Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length));
      this.frame = requestAnimationFrame(show);
    };
    show();
  }
}

function kept(name: string): string {
  return localStorage.getItem(KEPT + name) ?? '';
}

function keep(name: string, value: string): void {
  localStorage.setItem(KEPT + name, value);
}
