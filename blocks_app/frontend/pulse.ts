/** Whether the other end of a connection is still there: asks for signs of life, and tells when none comes. */

/** After so long without a frame the server is asked for one; sooner where somebody waits for something. */
const PING_MS = 25_000;
const BEAT_MS = 1500;
/** For so long an answer may take before the visitor is told that there is none, and before the socket is given up. */
const TELL_MS = 2000;
const DEAD_MS = 8000;
/** Characters that a slow network takes in a millisecond: what was sent before a question is on its way first. */
const SLOWEST = 8;

/** What it needs of the connection. */
interface Patient {
  /** Whether somebody waits for an event. */
  waits(): boolean;
  /** Asks for a frame; false where nobody could be asked now. */
  ask(): boolean;
  /** No answer comes, or it has come after all. */
  link(state: "silent" | "online"): void;
  /** Gives the socket up. */
  drop(): void;
}

export class Pulse {
  #lastAt = 0;
  /** How many frames have come, and how many characters were sent since the last. */
  #heard = 0;
  #sent = 0;
  /** The visitor was told that no answer comes. */
  #told = false;
  /** Rises with each socket. */
  #life = 0;

  constructor(private readonly patient: Patient) {
    setInterval(() => this.#beat(), 1000);
  }

  /** There is another socket. */
  begin(): void {
    this.#life++;
    this.#sent = 0;
    this.#lastAt = Date.now();
  }

  /** A frame has come. */
  hear(): void {
    this.#lastAt = Date.now();
    this.#heard++;
    this.#sent = 0;
    if (this.#told) this.patient.link("online");
    this.#told = false;
  }

  /** So many characters were sent. */
  send(length: number): void {
    this.#sent += length;
  }

  /** Asks; says that no answer comes, and gives the socket up, when nothing comes for a while. */
  ask(patience = DEAD_MS): void {
    const spare = this.#sent / SLOWEST;
    const before = this.#heard;
    if (!this.patient.ask()) return;
    const unheard = (act: () => void) => () => this.#heard === before && act();
    this.after(
      TELL_MS + spare,
      unheard(() => this.#tell()),
    );
    this.after(
      patience + spare,
      unheard(() => this.patient.drop()),
    );
  }

  /** Does something after a while, if the socket is the same then. */
  after(ms: number, act: () => void): void {
    const life = this.#life;
    setTimeout(() => life === this.#life && act(), ms);
  }

  #tell(): void {
    this.#told = true;
    this.patient.link("silent");
  }

  /** At most a few seconds of silence while somebody waits and looks. */
  #beat(): void {
    const waited = !document.hidden && this.patient.waits();
    if (Date.now() - this.#lastAt > (waited ? BEAT_MS : PING_MS)) this.ask();
  }
}
