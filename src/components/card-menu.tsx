import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { cx } from "./class-names.js";
import { MoreIcon } from "./icons.js";

/** One entry of a card's menu. */
export interface CardMenuItem {
  readonly label: ReactNode;
  readonly onSelect: () => void;
}

interface CardMenuProps {
  /** Names the button. */
  readonly label: string;
  readonly items: readonly CardMenuItem[];
  readonly classNames: {
    readonly menuButton?: string | undefined;
    readonly menu?: string | undefined;
    readonly menuItem?: string | undefined;
  };
}

/** A menu button (ARIA Authoring Practices, "Menu Button"): arrows, Home, End and Escape; Tab leaves it. */
export function CardMenu({ label, items, classNames }: CardMenuProps) {
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();

  useEffect(() => {
    if (!isOpen) return;
    menu.current?.querySelector<HTMLElement>("[role=menuitem]")?.focus();
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setIsOpen(false);
    };
    document.addEventListener("pointerdown", onPointerDown);
    return () => document.removeEventListener("pointerdown", onPointerDown);
  }, [isOpen]);

  const close = () => {
    setIsOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const entries = [...(menu.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
    const at = entries.findIndex((entry) => entry.matches(":focus"));
    const target = menuTarget(event.key, at, entries.length);
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setIsOpen(false);
    else if (target !== null) entries[target]?.focus();
    else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  if (items.length === 0) return null;
  return (
    <div className="sp-menu" ref={root}>
      <button
        type="button"
        ref={button}
        className={cx("sp-button", "sp-button-quiet", "sp-menu-button", classNames.menuButton)}
        aria-haspopup="menu"
        aria-expanded={isOpen}
        aria-controls={isOpen ? menuId : undefined}
        aria-label={label}
        onClick={() => setIsOpen(!isOpen)}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setIsOpen(true);
        }}
      >
        <MoreIcon />
      </button>
      {isOpen && (
        <div
          id={menuId}
          ref={menu}
          role="menu"
          className={cx("sp-menu-list", classNames.menu)}
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
        >
          {items.map((item, index) => (
            <button
              key={index}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={cx("sp-menu-item", classNames.menuItem)}
              onClick={() => {
                close();
                item.onSelect();
              }}
            >
              {item.label}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

/** Which entry a key leads to; `null` for a key that leads nowhere. */
function menuTarget(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowUp":
      return (at - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
