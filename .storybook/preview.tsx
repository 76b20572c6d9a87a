import type { Preview } from "@storybook/react-vite";
import { useEffect } from "react";
import stylesheet from "../src/components/styles/styles.css?inline";
import "./preview.css";

const preview: Preview = {
  tags: ["autodocs"],
  parameters: {
    layout: "fullscreen",
    a11y: { test: "error" },
    controls: { expanded: true },
    viewport: {
      options: {
        small: { name: "Small phone (320 px)", styles: { width: "320px", height: "640px" } },
        phone: { name: "Phone (390 px)", styles: { width: "390px", height: "844px" } },
        desktop: { name: "Desktop (1280 px)", styles: { width: "1280px", height: "800px" } },
      },
    },
  },
  globalTypes: {
    theme: {
      description: "Theme",
      toolbar: { icon: "circlehollow", items: ["system", "light", "dark"], dynamicTitle: true },
    },
    direction: {
      description: "Direction",
      toolbar: { icon: "transfer", items: ["ltr", "rtl"], dynamicTitle: true },
    },
  },
  initialGlobals: { theme: "system", direction: "ltr" },
  decorators: [
    (Story, { globals, parameters }) => {
      const theme = String(globals["theme"]);
      const direction = String(parameters["direction"] ?? globals["direction"]);
      useEffect(() => {
        const page = document.documentElement;
        page.dir = direction;
        if (theme === "system") delete page.dataset["theme"];
        else page.dataset["theme"] = theme;
      }, [theme, direction]);
      // Some stories bring the stylesheet themselves, or show that it can be done without.
      return (
        <>
          {parameters["stylesheet"] !== false && <style>{stylesheet}</style>}
          <Story />
        </>
      );
    },
  ],
};

export default preview;
