/** Takes a session for this tab by asking around, where locks are missing (plain http in a local network). */
export function ask(session: string): Promise<boolean> {
  if (!("BroadcastChannel" in window)) return Promise.resolve(true);
  const channel = new BroadcastChannel(`blocks-${session}`);
  return new Promise((resolve) => {
    let mine = false;
    const done = (free: boolean): void => {
      if (!free) channel.close();
      mine = free;
      resolve(free);
    };
    const wait = setTimeout(() => done(true), 60);
    channel.onmessage = ({ data }) => {
      if (data === "taken" && !mine) {
        clearTimeout(wait);
        done(false);
      } else if (data === "taken?" && mine) channel.postMessage("taken");
    };
    channel.postMessage("taken?");
  });
}
