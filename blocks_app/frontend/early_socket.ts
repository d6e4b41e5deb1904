/** The socket that page.html opened while the modules were loading; for a new tab only, whose session is new. */

export interface EarlySocket {
  /** The session that it was opened for. */
  session: string;
  socket: WebSocket;
  /** What the server has said since. */
  received: MessageEvent<string>[];
}

declare global {
  interface Window {
    blocks_early?: EarlySocket | null;
  }
}

/** The early socket of this session, once. */
export function takeEarly(session: string): EarlySocket | null {
  const early = window.blocks_early;
  if (early?.session !== session) return null;
  window.blocks_early = null;
  return early;
}
