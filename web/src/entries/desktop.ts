import '../styles/desktop.css';
import { DesktopPage } from '../desktop/desktopPage';
import type { Mounted } from '../shell/modules';

export function mount(element: HTMLElement): Mounted {
  const page = new DesktopPage(element);
  void page.start();
  return page;
}
