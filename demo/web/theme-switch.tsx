import { useState } from "react";

type Theme = "light" | "dark";

const systemTheme = (): Theme => (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

/** Light or dark, whatever the system says. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>(systemTheme);
  const other = theme === "light" ? "dark" : "light";
  return (
    <button
      type="button"
      className="demo-link"
      onClick={() => {
        document.documentElement.dataset["theme"] = other;
        setTheme(other);
      }}
    >
      {other === "dark" ? "Dark" : "Light"} theme
    </button>
  );
}
