import { SNAPSHOT_EVENTS } from "../../src/protocol/events.js";

/** What the page measured about itself. */
export interface PageMeasures {
  events: number;
  frames: number;
  commits: number;
  /** The most commits between two frames. */
  mostCommitsInFrame: number;
  longTasks: number;
  /** Frames from the end's arrival to the one that paints it: 1 is the next. */
  framesToEnd: number | null;
  /** ms from the end's arrival to the start of the frame after the one that painted it. */
  msToEnd: number | null;
}

declare global {
  interface Window {
    measures?: PageMeasures;
  }
}

/** Before all other scripts, and the same in every page, so that it cancels out. */
function measurePage(): void {
  const measures: PageMeasures = {
    events: 0,
    frames: 0,
    commits: 0,
    mostCommitsInFrame: 0,
    longTasks: 0,
    framesToEnd: null,
    msToEnd: null,
  };
  window.measures = measures;
  countCommits(measures);
  new PerformanceObserver((list) => {
    measures.longTasks += list.getEntries().length;
  }).observe({ type: "longtask" });

  let end: { readonly at: number; readonly frame: number } | null = null;
  countEvents(measures, () => {
    end = { at: performance.now(), frame: measures.frames };
  });
  const onFrame = () => {
    measures.frames += 1;
    if (end !== null && measures.framesToEnd !== null && measures.msToEnd === null) {
      measures.msToEnd = performance.now() - end.at;
    }
    // After the frame's own callbacks: whatever React commits now is painted by this frame.
    if (end !== null && measures.framesToEnd === null) queueMicrotask(seeEnd);
    requestAnimationFrame(onFrame);
  };
  const seeEnd = () => {
    if (end !== null && document.querySelector("[data-status^=complete]") !== null) {
      measures.framesToEnd = measures.frames - end.frame;
    }
  };
  requestAnimationFrame(onFrame);
}

/** By the hook that React's developer tools use, which production builds call as well. */
function countCommits(measures: PageMeasures): void {
  let frame = 0;
  let inFrame = 0;
  const onCommitFiberRoot = () => {
    measures.commits += 1;
    inFrame = frame === measures.frames ? inFrame + 1 : 1;
    frame = measures.frames;
    measures.mostCommitsInFrame = Math.max(measures.mostCommitsInFrame, inFrame);
  };
  const hook = { supportsFiber: true, inject: () => 1, onCommitFiberRoot, onCommitFiberUnmount: () => {} };
  Object.defineProperty(window, "__REACT_DEVTOOLS_GLOBAL_HOOK__", { value: hook });
}

function countEvents(measures: PageMeasures, onEnd: () => void): void {
  const Native = window.EventSource;
  window.EventSource = class extends Native {
    constructor(...args: ConstructorParameters<typeof Native>) {
      super(...args);
      for (const name of SNAPSHOT_EVENTS) {
        this.addEventListener(name, () => {
          measures.events += 1;
          if (name === "complete") onEnd();
        });
      }
    }
  };
}

measurePage();
