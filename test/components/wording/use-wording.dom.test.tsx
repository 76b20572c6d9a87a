import { render, screen, waitFor } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { labelsDe } from "../../../src/components/labels/de.js";
import { SyncProgress } from "../../../src/components/progress/sync-progress.js";
import { useWording, type WordingProps } from "../../../src/components/wording/use-wording.js";
import { aProgressState } from "../../support/a-progress-state.js";

function Probe(props: WordingProps) {
  const { labels, format, lang } = useWording(props);
  const age = labels.stalled(0, 40_000, format);
  return <output lang={lang}>{`${age} ${format.number(1_234)} [${format.locale}]`}</output>;
}

function wordsIn(browserLanguage: string, props: WordingProps = {}) {
  vi.spyOn(navigator, "language", "get").mockReturnValue(browserLanguage);
  render(<Probe {...props} />);
  const { textContent, lang } = screen.getByRole("status");
  return [textContent, lang];
}

describe("the words", () => {
  it("are of one language, whatever the browser's is", () => {
    expect(wordsIn("de-DE")).toEqual(["Still working. Last update 40 seconds ago. 1,234 [en]", "en"]);
  });

  it("take the browser's region where it speaks the labels' language", () => {
    expect(wordsIn("de-AT", { labels: labelsDe })[0]).toContain("[de-AT]");
  });

  it("follow the locale that is given", () => {
    const [words, lang] = wordsIn("en", { labels: labelsDe, locale: "de-CH" });
    expect(words).toMatch(/vor 40 Sekunden.*\[de-CH\]$/);
    expect(lang).toBe("de");
  });

  it("claim no language for words of the application's own", () => {
    expect(wordsIn("fr", { labels: { stalled: () => "Toujours au travail." } })[1]).toBe("");
  });
});

it("the display tells its language to screen readers", async () => {
  render(
    <SyncProgress.Root state={aProgressState()} labels={labelsDe} id="root">
      <SyncProgress.Title />
    </SyncProgress.Root>,
  );
  expect(document.getElementById("root")?.lang).toBe("de");
  await waitFor(() => expect(document.querySelector<HTMLElement>(".sp-announcer [role=status] span")?.lang).toBe("de"));
});
