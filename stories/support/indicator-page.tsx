import type { ReactNode } from "react";

/** A page as an application has it: longer than the window, with controls in all its corners. */
export function IndicatorPage({ children, atStart }: { readonly children?: ReactNode; readonly atStart?: ReactNode }) {
  return (
    <>
      {atStart}
      <main className="story-page">
        <h1>Documents</h1>
        <button type="button">First control</button>
        {Array.from({ length: 12 }, (_, index) => (
          <p key={index}>
            A page of the application goes on while its sources are synced. Whoever reads this paragraph, number{" "}
            {index + 1}, is not interrupted.
          </p>
        ))}
        <div style={{ display: "flex", justifyContent: "space-between" }}>
          <button type="button">Previous</button>
          <button type="button">Last control</button>
        </div>
      </main>
      {children}
    </>
  );
}
