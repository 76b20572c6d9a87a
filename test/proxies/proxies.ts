/** Silence after which the proxies here close a connection, in seconds: the shortest default in common use. */
const IDLE_SECONDS = 10;

/** A proxy in a configuration. */
export interface ProxyConfig {
  /** As it stands in the table. */
  readonly name: string;
  /** Debian's package. */
  readonly package: string;
  readonly command: string;
  /** Name and content of its configuration file, if it has one. */
  readonly config?: (port: number, upstream: number) => readonly [file: string, content: string];
  /** `folder`: a new one, with the configuration file. */
  readonly args: (folder: string, port: number, upstream: number) => readonly string[];
  /** What goes wrong with it, on purpose. */
  readonly fault?: "holds events back";
}

function nginx(name: string, server: string, fault?: ProxyConfig["fault"]): ProxyConfig {
  return {
    name,
    package: "nginx-light",
    command: "nginx",
    config: (port, upstream) => [
      "nginx.conf",
      `daemon off;
pid nginx.pid;
error_log stderr crit;
events {}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://127.0.0.1:${upstream};
      proxy_read_timeout ${IDLE_SECONDS}s;
      ${server}
    }
  }
}
`,
    ],
    args: (folder) => ["-p", folder, "-c", "nginx.conf", "-e", "stderr"],
    ...(fault && { fault }),
  };
}

function haproxy(name: string, option: string): ProxyConfig {
  return {
    name,
    package: "haproxy",
    command: "haproxy",
    config: (port, upstream) => [
      "haproxy.cfg",
      `defaults
  mode http
  timeout connect 5s
  timeout client ${IDLE_SECONDS}s
  timeout server ${IDLE_SECONDS}s
  ${option}
frontend in
  bind 127.0.0.1:${port}
  default_backend out
backend out
  server node 127.0.0.1:${upstream}
`,
    ],
    args: (folder) => ["-db", "-f", `${folder}/haproxy.cfg`],
  };
}

function caddy(name: string, directive: string): ProxyConfig {
  return {
    name,
    package: "caddy",
    command: "caddy",
    config: (port, upstream) => [
      "Caddyfile",
      `{
  admin off
  auto_https off
}
http://127.0.0.1:${port} {
  ${directive}
  reverse_proxy 127.0.0.1:${upstream}
}
`,
    ],
    args: (folder) => ["run", "--config", `${folder}/Caddyfile`, "--adapter", "caddyfile"],
  };
}

export const proxies: readonly ProxyConfig[] = [
  nginx("nginx, as it comes", ""),
  nginx("nginx, gzip of everything", "gzip on; gzip_types *; gzip_min_length 0; gzip_proxied any;"),
  nginx("nginx, `proxy_set_header Host $http_host`", "proxy_set_header Host $http_host;"),
  nginx(
    "nginx, `proxy_ignore_headers X-Accel-Buffering`",
    "proxy_ignore_headers X-Accel-Buffering;",
    "holds events back",
  ),
  haproxy("HAProxy, as it comes", ""),
  haproxy("HAProxy, `option http-no-delay`", "option http-no-delay"),
  caddy("Caddy, as it comes", ""),
  caddy("Caddy, `encode gzip`", "encode gzip"),
  {
    name: "Varnish, as it comes",
    package: "varnish",
    command: "varnishd",
    args: (folder, port, upstream) => [
      "-F",
      ...["-a", `127.0.0.1:${port}`],
      ...["-b", `127.0.0.1:${upstream}`],
      ...["-n", folder],
      ...["-s", "malloc,16m"],
      ...["-p", `between_bytes_timeout=${IDLE_SECONDS}`],
    ],
  },
];
