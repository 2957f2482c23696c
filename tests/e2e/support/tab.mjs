/** Tabs as they are: hidden when another comes to the front, prepared ahead when a page asks for that. */

/** Drives a tab that no other tool makes believe it is always seen: its messages go through the browser's own port. */
export async function rawTab(cdp, url) {
  const { targetId } = await cdp.send('Target.createTarget', { url });
  const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: false });
  let id = 0;
  const send = (method, params = {}) => new Promise((resolve, reject) => {
    const mine = ++id;
    const heard = ({ sessionId: from, message }) => {
      const said = JSON.parse(message);
      if (from !== sessionId || said.id !== mine) return;
      cdp.off('Target.receivedMessageFromTarget', heard);
      if (said.error) reject(new Error(said.error.message));
      else resolve(said.result);
    };
    cdp.on('Target.receivedMessageFromTarget', heard);
    cdp.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id: mine, method, params }) }).catch(reject);
  });
  const evaluate = async (expression) => (await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true })).result.value;
  return { targetId, send, evaluate };
}
