import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { useEscapeLayer } from "../shared/escape-layers.js";
import { MoreIcon } from "../shared/icons.js";
import { cx } from "../shared/part.js";
import { useIsomorphicLayoutEffect } from "../shared/use-isomorphic-layout-effect.js";
import { type MenuPlacement, placeMenu } from "./place-menu.js";
import { useTypeahead } from "./use-typeahead.js";

/** One entry of a card's menu. */
export interface CardMenuItem {
  readonly label: ReactNode;
  readonly onSelect: () => void;
}

/** An entry that is the same one as long as its id is, whatever stands before it. */
export interface CardMenuEntry extends CardMenuItem {
  readonly id: string;
  /** It was chosen and is being carried out: it cannot be chosen again. */
  readonly isPending?: boolean;
}

interface CardMenuProps {
  /** Names the button. */
  readonly label: string;
  readonly entries: readonly CardMenuEntry[];
  readonly classNames: {
    readonly menuButton?: string | undefined;
    readonly menu?: string | undefined;
    readonly menuItem?: string | undefined;
  };
}

const BELOW: MenuPlacement = { align: "end", side: "below" };

/**
 * A menu button (ARIA Authoring Practices, "Menu Button"): arrows, Home, End, the first letters of an entry, and Escape;
 * Tab leaves it.
 */
export function CardMenu({ label, entries, classNames }: CardMenuProps) {
  // Which entry has the focus first.
  const [opened, setOpened] = useState<"first" | "last" | null>(null);
  const isOpen = opened !== null;
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();
  const findByLetters = useTypeahead();

  const [{ align, side }, setPlacement] = useState(BELOW);
  useIsomorphicLayoutEffect(() => {
    if (menu.current !== null && button.current !== null) setPlacement(placeMenu(menu.current, button.current));
    return () => setPlacement(BELOW);
  }, [isOpen]);

  useEffect(() => {
    if (opened === null) return;
    itemsOf(menu.current)
      .at(opened === "first" ? 0 : -1)
      ?.focus();
    const page = root.current?.ownerDocument ?? document;
    const onPointerDown = (event: PointerEvent) => {
      // In a shadow tree the target that the page sees is its host.
      if (root.current !== null && !event.composedPath().includes(root.current)) setOpened(null);
    };
    page.addEventListener("pointerdown", onPointerDown);
    return () => page.removeEventListener("pointerdown", onPointerDown);
  }, [opened]);

  const close = () => {
    setOpened(null);
    button.current?.focus();
  };

  // The entry that had the focus may go with a new state: what takes its place was not chosen by anybody.
  const focused = useRef<HTMLElement | null>(null);
  useIsomorphicLayoutEffect(() => {
    if (focused.current === null || focused.current.isConnected) return;
    focused.current = null;
    if (isOpen) close();
  });

  useEscapeLayer(isOpen ? close : null);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === "Tab") {
      setOpened(null);
      return event.stopPropagation();
    }
    const items = itemsOf(menu.current);
    const at = items.findIndex((item) => item.matches(":focus"));
    const target = menuTarget(event.key, at, items.length) ?? findByLetters(event, items, at);
    if (target === null) return;
    items[target]?.focus();
    event.preventDefault();
    event.stopPropagation();
  };

  if (entries.length === 0) return null;
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
        onClick={() => setOpened(isOpen ? null : "first")}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
          event.preventDefault();
          setOpened(event.key === "ArrowDown" ? "first" : "last");
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
          data-align={align}
          data-side={side}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          onFocus={({ target }) => {
            focused.current = target;
          }}
          onBlur={() => {
            focused.current = null;
          }}
        >
          {entries.map(({ id, label: words, onSelect, isPending = false }) => (
            <button
              key={id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              className={cx("sp-menu-item", classNames.menuItem)}
              aria-disabled={isPending || undefined}
              onClick={() => {
                if (isPending) return;
                close();
                onSelect();
              }}
            >
              {words}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}

function itemsOf(menu: HTMLElement | null): readonly HTMLElement[] {
  return [...(menu?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
}

/** Which item a key leads to; `null` for a key that leads nowhere. */
function menuTarget(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowDown":
      return (at + 1) % count;
    case "ArrowUp":
      return (Math.max(at, 0) - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
