import { useEffect, useState } from "react";

interface Hit {
  readonly source: string;
  readonly id: string;
  readonly title: string;
  readonly snippet: string;
}

const SOURCE_NAMES: Readonly<Record<string, string>> = { folder: "Folder", git: "Git", mailbox: "Mailbox" };

/** Searches what was synced, as one types. */
export function Search({ syncedItems }: { readonly syncedItems: number }) {
  const [query, setQuery] = useState("");
  const [hits, setHits] = useState<readonly Hit[] | null>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was synced since changes what is found.
  useEffect(() => {
    if (query.trim() === "") {
      setHits(null);
      return;
    }
    const gone = new AbortController();
    fetch(`/api/search?q=${encodeURIComponent(query)}`, { signal: gone.signal })
      .then((response) => response.json())
      .then(
        (found: { hits?: readonly Hit[] }) => setHits(found.hits ?? []),
        () => {},
      );
    return () => gone.abort();
  }, [query, syncedItems]);

  return (
    <section className="demo-search" aria-labelledby="search">
      <h2 id="search">Search</h2>
      <label htmlFor="query">
        {syncedItems === 0 ? "Sync a source, then search in it" : `Search in ${syncedItems.toLocaleString()} items`}
      </label>
      <input
        id="query"
        type="search"
        value={query}
        placeholder="zeppelin, contract, Köln..."
        onChange={(event) => setQuery(event.target.value)}
      />
      {hits !== null && (
        <>
          <p role="status">{hits.length === 0 ? "Nothing found." : `${hits.length} found`}</p>
          <ul className="demo-hits">
            {hits.map((hit) => (
              <li key={`${hit.source}:${hit.id}`}>
                <p className="demo-hit-title">
                  <bdi>{hit.title}</bdi> <span>{SOURCE_NAMES[hit.source] ?? hit.source}</span>
                </p>
                <p className="demo-hit-snippet">
                  <bdi>{hit.snippet}</bdi>
                </p>
                <p className="demo-hit-id">
                  <bdi>{hit.id}</bdi>
                </p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
