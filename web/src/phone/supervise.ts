import { call } from '../console/server';
import { detail, link, microphoneFault, Refusal } from './link';
import { part } from './parts';

const DOOR = '/api/telephony/supervision';
const LOOK_MS = 1_000;
const MODES = ['listen', 'whisper', 'barge'] as const;
type Mode = (typeof MODES)[number];

interface Row {
  call: string;
  interviewer: string;
  words: string;
  since: string;
  canListen: boolean;
  mine: boolean;
}

/** Calls under way, and one's own voice in one of them. */
export class Supervise {
  private readonly status: HTMLElement;
  private readonly rows: HTMLElement;
  private readonly none: HTMLElement;
  private readonly frame: HTMLElement;
  private readonly sound: HTMLAudioElement;
  private connection: RTCPeerConnection | undefined;
  private microphone: MediaStream | undefined;
  private heard = '';
  private name = '';
  private mode: Mode = 'listen';
  private timer = 0;
  private over = false;

  // Who comes from a board came for one call.
  private wanted = location.hash.slice(1);

  constructor(private readonly root: HTMLElement) {
    this.status = part(root, 'now');
    this.rows = part(root, 'calls');
    this.none = part(root, 'none');
    this.frame = part(root, 'frame');
    this.sound = part(root, 'sound');
    this.rows.addEventListener('click', this.act);
    window.addEventListener('keydown', this.settle);
    window.addEventListener('pointerdown', this.settle);
    void this.look();
  }

  dispose(): void {
    this.over = true;
    window.clearTimeout(this.timer);
    this.rows.removeEventListener('click', this.act);
    this.settle();
    this.leave();
  }

  private readonly act = async (event: Event) => {
    const button = (event.target as HTMLElement).closest('button');
    const [id, what] = [button?.closest('tr')?.dataset['call'], button?.dataset['mode']];
    if (!button || !id || !what) {
      return;
    }

    if (what === 'stop') {
      await call('POST', `${DOOR}/stop`, '{}');
      this.leave();
      this.say('idle');
    } else if (id === this.heard) {
      await this.change(what as Mode);
    } else {
      this.name = button.closest('tr')?.querySelector('th')?.textContent ?? '';
      await this.enter(id, what as Mode);
    }

    await this.refresh();
  };

  private async enter(id: string, mode: Mode): Promise<void> {
    this.leave();
    try {
      this.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
      await link(this.microphone, this.sound, `${DOOR}/ice`, sdp => call('POST', DOOR, JSON.stringify({ call: id, sdp })), made => this.follow(made));
      this.heard = id;
      this.mode = 'listen';
      this.say('nowListen');
      if (mode !== 'listen') {
        await this.change(mode);
      }
    } catch (error) {
      this.leave();
      this.say(microphoneFault(error) ?? 'lost', error instanceof Refusal ? error.message : undefined);
    }
  }

  private async change(mode: Mode): Promise<void> {
    const answer = await call('POST', `${DOOR}/mode`, JSON.stringify({ mode }));
    if (answer.status === 204) {
      this.mode = mode;
      this.say(`now${mode.charAt(0).toUpperCase()}${mode.slice(1)}`);
    } else {
      this.say(answer.status === 0 ? 'away' : 'over', detail(answer) || undefined);
    }
  }

  private follow(connection: RTCPeerConnection): void {
    this.connection = connection;
    connection.addEventListener('connectionstatechange', () => {
      if (connection === this.connection && connection.connectionState === 'failed') {
        this.leave();
        this.say('lost');
      }
    });
  }

  private leave(): void {
    const old = this.connection;
    this.connection = undefined;
    old?.close();
    this.microphone?.getTracks().forEach(track => track.stop());
    this.microphone = undefined;
    this.heard = '';
  }

  private async look(): Promise<void> {
    await this.refresh();
    if (!this.over) {
      this.timer = window.setTimeout(() => void this.look(), LOOK_MS);
    }
  }

  private async refresh(): Promise<void> {
    const answer = await call('GET', DOOR);
    if (this.over) {
      return;
    }

    if (answer.status !== 200) {
      this.none.hidden = false;
      this.none.textContent = this.root.dataset['away'] ?? '';
      return;
    }

    const rows = JSON.parse(answer.body) as Row[];
    this.none.textContent = this.root.dataset['none'] ?? '';
    this.none.hidden = rows.length > 0;
    this.frame.hidden = rows.length === 0;
    if (this.heard && !rows.some(row => row.call === this.heard && row.mine)) {
      this.leave();
      this.say('over');
    }

    this.draw(rows);
  }

  // Rows stay where they are, so that no button moves under the pointer or loses the keyboard.
  private draw(rows: Row[]): void {
    const known = new Map([...this.rows.querySelectorAll('tr')].map(row => [row.dataset['call'], row]));
    for (const [id, row] of known) {
      if (!rows.some(now => now.call === id)) {
        row.remove();
      }
    }

    for (const row of rows) {
      let drawn = known.get(row.call);
      if (!drawn) {
        drawn = this.make(row);
        this.rows.append(drawn);
      }

      drawn.classList.toggle('current', row.call === this.heard);
      text(drawn, 'words', row.words);
      text(drawn, 'since', duration(row.since));
      for (const button of drawn.querySelectorAll('button')) {
        const mode = button.dataset['mode'];
        const mine = row.call === this.heard;
        button.hidden = mode === 'stop' && !mine;
        button.disabled = mode !== 'stop' && !row.canListen;
        button.title = button.disabled ? this.root.dataset['noRoom'] ?? '' : '';
        if (mode !== 'stop') {
          button.setAttribute('aria-pressed', String(mine && mode === this.mode));
        }
      }

      this.arrive(drawn, row);
    }
  }

  // The keyboard is put on the call's first button once it can be pressed, and stays there until the person does something else: a call may get its room, and the page its own focus, after
  // the first look.
  private arrive(drawn: HTMLElement, row: Row): void {
    const button = drawn.querySelector('button');
    if (row.call === this.wanted && button && !button.disabled && document.activeElement !== button) {
      button.focus();
    }
  }

  private readonly settle = () => {
    this.wanted = '';
    window.removeEventListener('keydown', this.settle);
    window.removeEventListener('pointerdown', this.settle);
  };

  private make(row: Row): HTMLTableRowElement {
    const made = document.createElement('tr');
    made.dataset['call'] = row.call;
    const name = cell('th', 'interviewer', this.root.dataset['interviewer']);
    name.setAttribute('scope', 'row');
    name.textContent = row.interviewer;
    const actions = cell('td', 'actions', this.root.dataset['actions']);
    const buttons = document.createElement('div');
    buttons.className = 'actions';
    for (const mode of [...MODES, 'stop']) {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset['mode'] = mode;
      button.textContent = this.root.dataset[mode] ?? '';
      buttons.append(button);
    }

    actions.append(buttons);

    const since = cell('td', 'since', this.root.dataset['since']);
    since.className = 'number';
    made.append(name, cell('td', 'words', this.root.dataset['state']), since, actions);
    return made;
  }

  private say(key: string, words?: string): void {
    this.status.textContent = words ?? (this.root.dataset[key] ?? '').replace('{0}', this.name);
    this.status.dataset['state'] = key;
  }
}

function cell(kind: 'th' | 'td', name: string, label: string | undefined): HTMLTableCellElement {
  const made = document.createElement(kind);
  made.dataset['cell'] = name;
  made.dataset['label'] = label ?? '';
  return made;
}

function text(row: HTMLElement, name: string, words: string): void {
  const found = row.querySelector(`[data-cell="${name}"]`);
  if (found && found.textContent !== words) {
    found.textContent = words;
  }
}

function duration(since: string): string {
  const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(since)) / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
