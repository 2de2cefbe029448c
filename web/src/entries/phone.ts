import '../styles/phone.css';
import { CallDesk } from '../phone/callDesk';
import { Check } from '../phone/check';
import { Devices } from '../phone/devices';
import { Voice } from '../phone/voice';
import type { Mounted } from '../shell/modules';

/** Brings the softphone to life: the headset, the test before the shift, and the call. */
export function mount(element: HTMLElement): Mounted {
  const devices = new Devices(element);
  const voice = new Voice(element, devices);
  const check = new Check(element, voice, () => devices.loudness);
  const desk = new CallDesk(element, voice, muted => devices.mute(muted), idle => check.show(idle && voice.ready));
  return {
    dispose: () => {
      desk.dispose();
      check.dispose();
      voice.dispose();
      devices.dispose();
    },
  };
}
