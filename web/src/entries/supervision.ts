import '../styles/phone.css';
import { Supervise } from '../phone/supervise';
import type { Mounted } from '../shell/modules';

/** Calls under way, and listening to them. */
export function mount(element: HTMLElement): Mounted {
  return new Supervise(element);
}
