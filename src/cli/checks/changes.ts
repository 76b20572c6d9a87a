import type { Change } from "./check.js";

/** What is to be changed in the servers and proxies that are in common use, by what it achieves. */

export const anyServer = (text: string): Change => ({ where: "any server", text });
export const theClient = (text: string): Change => ({ where: "the client", text });
export const thisCommand = (text: string): Change => ({ where: "this command", text });

/** Events pass at once. */
export const UNBUFFERED: readonly Change[] = [
  anyServer("Send `X-Accel-Buffering: no` and `Cache-Control: no-cache, no-transform`, and flush after every event."),
  {
    where: "nginx",
    text: "proxy_buffering off;  # in the location of the streams; and not: proxy_ignore_headers X-Accel-Buffering",
  },
  { where: "HAProxy", text: "option http-no-delay" },
  {
    where: "Express compression",
    text: "compression({ filter: (req, res) => !/event-stream/.test(String(res.getHeader('content-type'))) && compression.filter(req, res) })",
  },
  {
    where: "Flask, gunicorn",
    text: "Response(stream_with_context(events()), mimetype='text/event-stream')  # a generator that yields each event",
  },
  {
    where: "Next.js",
    text: "Return a Response with a ReadableStream, `export const dynamic = 'force-dynamic'`, and `compress: false` in next.config, or the header `Cache-Control: no-transform`.",
  },
];

/** A connection may stay open while it is quiet. */
export const PATIENT: readonly Change[] = [
  anyServer(
    'Send the event `heartbeat` with the data {"interval_ms":5000} every 5 s: no proxy takes the stream for idle then.',
  ),
  { where: "nginx", text: "proxy_read_timeout 1h;" },
  { where: "HAProxy", text: "timeout server 1h  # and: timeout client 1h" },
  {
    where: "gunicorn",
    text: "gunicorn --worker-class gthread --threads 100 --timeout 0  # a sync worker is killed after --timeout, stream or not",
  },
  {
    where: "load balancers",
    text: "Raise the idle timeout (60 s at AWS ALB, 30 s at Google Cloud), or send heartbeats.",
  },
  {
    where: "Next.js on Vercel",
    text: "export const maxDuration = 300;  // functions are ended after it; the page reconnects",
  },
];

/** Other requests are served while streams are open. */
export const CONCURRENT: readonly Change[] = [
  {
    where: "gunicorn",
    text: "gunicorn --worker-class gthread --threads 100  # a sync worker serves one request at a time, and a stream is one",
  },
  { where: "Flask", text: "app.run(threaded=True)  # the default, in development only" },
  { where: "PHP", text: "session_write_close() before the first event: the session file is locked until then." },
];

/** Pages of another origin may call with cookies. */
export function corsChanges(origin: string): readonly Change[] {
  return [
    anyServer(
      `Send on every response, also on errors: Access-Control-Allow-Origin: ${origin} and Access-Control-Allow-Credentials: true`,
    ),
    { where: "react-sync-progress/server", text: `createSyncRoutes({ cors: { origin: "${origin}" } })` },
    { where: "Express", text: `app.use(cors({ origin: "${origin}", credentials: true }))  // before the sign-in` },
    { where: "Flask", text: `CORS(app, origins=["${origin}"], supports_credentials=True)  # flask-cors` },
    {
      where: "nginx",
      text: `add_header Access-Control-Allow-Origin "${origin}" always;  # and: add_header Access-Control-Allow-Credentials "true" always;`,
    },
  ];
}

/** The proxy passes the address of the page on. */
export const PASS_HOST: readonly Change[] = [
  { where: "nginx", text: "proxy_set_header Host $http_host;" },
  { where: "react-sync-progress/server", text: "For pages of another origin: createSyncRoutes({ cors: { origin } })" },
];
