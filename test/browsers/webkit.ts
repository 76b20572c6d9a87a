import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Readable } from "node:stream";
import { freePort } from "../support/free-port.ts";
import { callOf, jsonOf, type RunningBrowser, type Tab, WINDOW } from "./browser.ts";
import { until } from "./until.ts";

/** The property under which W3C WebDriver names an element. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";
const ESCAPE = "\uE00C";

/** Starts WebKitGTK's MiniBrowser on a display of its own, driven by W3C WebDriver. */
export async function startWebKit(): Promise<RunningBrowser> {
  const display = await startDisplay();
  const port = await freePort();
  const driver = spawn("WebKitWebDriver", [`--port=${port}`], {
    stdio: "ignore",
    detached: true,
    // Its sandbox needs namespaces, which root in a container does not have.
    env: { ...process.env, DISPLAY: display.name, WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" },
  });
  await until("WebKitWebDriver listens", () => isListening(port));
  const send = senderOf(`http://127.0.0.1:${port}/session`);
  const { sessionId, capabilities } = await send("POST", "", { capabilities: {} });
  const session = senderOf(`http://127.0.0.1:${port}/session/${sessionId}`);
  // The session ends with its last window.
  const first: string = await session("GET", "/window");
  let current = first;
  const select = async (handle: string) => {
    if (handle === current) return;
    await session("POST", "/window", { handle });
    current = handle;
  };
  return {
    engine: "webkit",
    title: `WebKitGTK ${capabilities.browserVersion}`,
    async newTab() {
      await select(first);
      const { handle } = await session("POST", "/window/new", { type: "window" });
      const tab = tabOf(session, () => select(handle));
      await tab.resize(WINDOW.width, WINDOW.height);
      return tab;
    },
    async close() {
      await session("DELETE", "").catch(() => {});
      await end(driver);
      await end(display.process);
    },
  };
}

type Send = (method: "GET" | "POST" | "DELETE", path: string, body?: object) => ReturnType<typeof JSON.parse>;

function senderOf(base: string): Send {
  return async (method, path, body) => {
    const response = await fetch(base + path, {
      method,
      ...(method === "POST" && { body: JSON.stringify(body ?? {}) }),
    });
    const { value } = await response.json();
    if (!response.ok) throw new Error(`${path}: ${value.error}: ${value.message}`);
    return value;
  };
}

function tabOf(session: Send, select: () => Promise<void>): Tab {
  const send: Send = async (...request) => {
    await select();
    return session(...request);
  };
  return {
    open: (url) => send("POST", "/url", { url }),
    async run(action, ...args) {
      const script = `const done = arguments[0];
        ${jsonOf(action, args)}.then(
          (json) => done({ json }),
          (error) => done({ error: String(error?.message ?? error) }),
        );`;
      const { json, error } = await send("POST", "/execute/async", { script, args: [] });
      if (typeof json !== "string") throw new Error(error);
      return JSON.parse(json);
    },
    has: (find, ...args) =>
      send("POST", "/execute/sync", { script: `return ${callOf(find, args)} !== null`, args: [] }),
    async click(find, ...args) {
      const element = await send("POST", "/execute/sync", { script: `return ${callOf(find, args)}`, args: [] });
      if (element === null) throw new Error(`there is nothing to click: ${JSON.stringify(args)}`);
      await send("POST", `/element/${element[ELEMENT]}/click`);
    },
    async pressEscape() {
      const actions = ["keyDown", "keyUp"].map((type) => ({ type, value: ESCAPE }));
      await send("POST", "/actions", { actions: [{ type: "key", id: "keyboard", actions }] });
    },
    async resize(width, height) {
      await send("POST", "/window/rect", { width, height });
      const script = `if (innerWidth <= ${width}) return false;
        document.body.innerHTML = '<iframe width="${width}" height="${height}" style="border: 0"></iframe>';
        document.querySelector("iframe").src = location.href;
        return true;`;
      // Its window has a least width; a frame is a viewport as well.
      const isFramed: boolean = await send("POST", "/execute/sync", { script, args: [] });
      if (isFramed) await send("POST", "/frame", { id: 0 });
    },
    screenshot: async () => Buffer.from(await send("GET", "/screenshot"), "base64"),
    close: () => send("DELETE", "/window"),
  };
}

async function startDisplay(): Promise<{ readonly name: string; readonly process: ChildProcess }> {
  const process = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
    detached: true,
  });
  const [number] = await once(process.stdio[3] as Readable, "data");
  return { name: `:${String(number).trim()}`, process };
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Ends a process and those that it has started. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGTERM");
  await gone;
}
