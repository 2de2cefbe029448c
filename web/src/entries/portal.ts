import 'virtual:fluent-tokens.css';
import '../styles/base.css';
import '../styles/shell.css';
import '../styles/kit.css';
import { mountModules } from '../shell/modules';
import { listKeys } from '../shell/listKeys';
import { relativeTimes } from '../shell/relativeTimes';
import { closeMenus } from '../shell/menus';
import { forgetWhoWasHere } from '../console/offline';

// Blazor swaps the page's content without loading a new document: what scripts added is added again after each swap.
function pageShown(): void {
  closeMenus();
  relativeTimes();
  mountModules();
  if (location.pathname === '/sign-in') {
    forgetWhoWasHere();
  }
}

listKeys();
pageShown();
window.Blazor?.addEventListener('enhancedload', pageShown);
