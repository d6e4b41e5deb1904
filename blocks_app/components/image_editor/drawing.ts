/** A picture between the app and the visitor: read from a value, kept for a reload, sent when somebody asks for it. */
import { fileUrl, same, upload, t } from "blocks";
import { forget, keep, kept } from "./keeping";
import { Picture } from "./picture";
import { EMPTY, valueOf, type EditorData } from "./sending";
import { decode, type Source } from "./sheets";

/** What a drawing needs of its element. */
export interface Owner {
  value: EditorData | null;
  readonly isConnected: boolean;
  /** By which name the drawing is kept; another block has another one. */
  readonly keptName: string;
  /** Another picture is there. */
  loaded(): void;
  /** Something has changed. */
  requestUpdate(): void;
  /** What those who wait are told; nothing is an empty text. */
  going(text: string): void;
  complain(error: unknown): void;
}

/** A drawing of more pixels is written down only when the hand rests: to encode it would make the brush stumble. */
const LARGE = 2_000_000;
const REST_MS = 400;

export class Drawing {
  readonly picture = new Picture(() => this.owner.requestUpdate());
  /** Ends when all that has been drawn is kept for a reload of the page. */
  written: Promise<void> = Promise.resolve();
  /** The value of the app, or the one that was sent last. */
  #value: EditorData | null = null;
  /** Version of the picture that this value is of. */
  #sent = 0;
  #sending: Promise<unknown> = Promise.resolve();
  #reading: Promise<void> | null = null;
  #pause: number | undefined;

  constructor(private readonly owner: Owner) {}

  /** Begins with what was drawn before the page was loaded anew, else with a value of the app. */
  open(value: EditorData | null): void {
    this.#adopt(value ?? EMPTY);
    upload([]).catch(() => undefined); // what uploads is loaded while there is a connection
    this.#read(async (valid) => {
      const drawing = await kept(this.owner.keptName);
      if (!valid()) return;
      if (!drawing) return this.#show(value, valid);
      const { picture } = this;
      const [ground, ...layers] = await Promise.all([
        drawing.background && decode(drawing.background),
        ...drawing.layers.map(async (layer) => ({ ...layer, ...(await decode(layer.blob)) })),
      ]);
      if (!valid()) return;
      const sheets = picture.load(ground, layers as (Source & { name: string; shown: boolean })[], drawing);
      const files = [...(ground ? [drawing.background!] : []), ...drawing.layers.map(({ blob }) => blob)];
      sheets.forEach((sheet, at) => sheet.isEncodedAs(files[at]));
      picture.choose(picture.state.layers[drawing.active]?.id);
    });
  }

  /** Shows another value of the app; what was drawn is gone. */
  take(value: EditorData | null): void {
    const before = this.#value;
    const unchanged = same(value, before) && !this.#reading && this.#sent === this.picture.version;
    this.#adopt(value ?? EMPTY);
    if (unchanged) return;
    void forget(this.owner.keptName);
    this.#read((valid) => this.#show(value, valid));
  }

  /** Whether the owner's value is the one of this drawing. */
  holds(value: EditorData | null): boolean {
    return value === this.#value;
  }

  /** The value of what is drawn now, where it has yet to be sent. */
  pendingValue(): Promise<EditorData | null> | null {
    if (!this.#reading && this.picture.version === this.#sent) return null;
    const next = this.#sending.then(
      () => this.#send(),
      () => this.#send(),
    );
    this.#sending = next;
    return next;
  }

  /** The visitor has changed it. */
  changed(): void {
    if (!this.picture.state.touched) {
      this.#adopt(EMPTY);
      this.#sent = this.picture.version;
    }
    clearTimeout(this.#pause);
    const before = this.written;
    const { width, height } = this.picture.state;
    this.written = new Promise((done) => {
      const write = (): void => void before.then(() => this.#write()).then(done, done);
      if (width * height <= LARGE) return write();
      this.#pause = window.setTimeout(write, REST_MS);
      void before.then(done); // what another pause takes the place of ends with it
    });
  }

  /** Once what is being read is there. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  #adopt(value: EditorData): void {
    this.#value = this.owner.value = value;
  }

  /** What is read later counts. */
  #read(what: (valid: () => boolean) => Promise<void>): void {
    const reading: Promise<void> = what(() => this.#reading === reading)
      .catch((error) => this.#reading === reading && this.owner.complain(error))
      .then(() => {
        if (this.#reading !== reading) return;
        this.#reading = null;
        this.owner.loaded();
      });
    this.#reading = reading;
  }

  async #show(value: EditorData | null, valid: () => boolean): Promise<void> {
    const background = value?.background ?? (value?.layers.length ? null : value?.composite);
    const layers = value?.layers ?? [];
    const read = [background ?? null, ...layers].map((file) => (file ? decode(fileUrl(file)!) : null));
    const [ground, ...above] = await Promise.all(read).catch((error: unknown) => {
      if (valid()) this.picture.load(null, []); // and not what was there before
      this.#sent = this.picture.version;
      throw error;
    });
    if (!valid()) return;
    const sheets = this.picture.load(ground, above as Source[]);
    const files = background ? [background, ...layers] : layers;
    sheets.forEach((sheet, at) => this.picture.fixed || sheet.isKnownAs(files[at]));
    this.#sent = this.picture.version;
  }

  async #send(): Promise<EditorData | null> {
    while (this.#reading) await this.#reading;
    const { picture, owner } = this;
    const { version } = picture;
    if (version === this.#sent) return this.#value;
    const value = this.#value;
    owner.going(t("Sending the picture…"));
    const tell = (trouble: boolean): void =>
      owner.going(trouble ? t("No connection. The drawing is kept, and sent as soon as there is one.") : "");
    try {
      const made = await valueOf(picture, tell, () => owner.isConnected);
      if (this.#value === value) this.#adopt(made); // else the app has sent another one meanwhile
      if (this.#value === made) this.#sent = version;
      return made;
    } catch (error) {
      owner.complain(error);
      throw error;
    } finally {
      owner.going("");
    }
  }

  async #write(): Promise<void> {
    const { picture, owner } = this;
    const { state, version, layer } = picture;
    if (!state.touched) return forget(owner.keptName);
    const { width, height, background, layers } = state;
    const [ground, ...blobs] = await Promise.all([
      background?.encoded() ?? null,
      ...layers.map(({ sheet }) => sheet.encoded()),
    ]);
    if (version !== picture.version) return; // the next one is on its way
    await keep(owner.keptName, {
      width,
      height,
      background: ground,
      layers: layers.map(({ name, shown }, at) => ({ name, shown, blob: blobs[at]! })),
      active: layers.indexOf(layer),
    });
  }
}
