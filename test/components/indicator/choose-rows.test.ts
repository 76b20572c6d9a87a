import { expect, it } from "vitest";
import { chooseRows } from "../../../src/components/indicator/choose-rows.js";
import { aSyncView, mixedViews, runningViews } from "../../support/several-views.js";

const idsOf = ({ rows }: ReturnType<typeof chooseRows>) => rows.map(({ syncId }) => syncId);

it("shows all of a short list", () => {
  const views = mixedViews();
  expect(chooseRows(views, 7)).toEqual({ rows: views, hidden: 0 });
});

it("shows what went wrong before what runs, and that before what has ended, each in its place", () => {
  expect(idsOf(chooseRows(mixedViews(), 2))).toEqual(["failed", "partial"]);
  expect(idsOf(chooseRows(mixedViews(), 4))).toEqual(["running", "queued", "failed", "partial"]);
  expect(chooseRows(mixedViews(), 6).hidden).toBe(1);
});

it("never hides a failure behind a thousand that run", () => {
  const views = [...runningViews(1_000), aSyncView("failed", { status: "error" })];
  const chosen = chooseRows(views, 20);
  expect([idsOf(chosen).at(-1), chosen.rows.length, chosen.hidden]).toEqual(["failed", 20, 981]);
});
