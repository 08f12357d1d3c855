"""The source `definitions` in trees of every language that it follows imports in."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.context.definitions.test_source import ask, query_at, source_for
from tests.context.definitions.tree import plant

TS_CLIENT = """/** Talks to a server. */
export class Client extends Base {
  private url: string;
  constructor(url: string) { super(); }
  /** Get a page. */
  async get(path: string): Promise<Page> { return fetch(path); }
}
export interface Page { title: string; links(): string[] }
export const connect = (url: string): Client => { return new Client(url); };
export default function main(args: string[]): void {}
"""
TS_GET = """/** Talks to a server. */
export class Client extends Base {
  /** Get a page. */
  async get(path: string): Promise<Page>;
}
"""
TS_NEW = """/** Talks to a server. */
export class Client extends Base {
  constructor(url: string);
}
"""
TS_CONNECT = "export const connect = (url: string): Client;\n"
TS_MAIN = "export default function main(args: string[]): void;\n"
TS_PAGE = "export interface Page {\n  title: string;\n  links(): string[];\n}\n"
NET = {"net.ts": TS_CLIENT}
CLIENT = "import { Client } from './net';\n"
PATHS = {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./*"]}}}'}
PACKAGE = {"node_modules/net/package.json": '{"types": "d.ts"}', "node_modules/net/d.ts": TS_CLIENT}
TYPESCRIPT = [
    (NET, "import { connect } from './net';\nconnect(|", TS_CONNECT),
    (NET, "import * as net from './net';\nnew net.Client(|", TS_NEW),
    (NET, "import run from './net';\nrun(|", TS_MAIN),
    (NET, "const { connect } = require('./net');\nconnect(|", TS_CONNECT),
    (NET, CLIENT + "function f(c: Client) {\n  c.ge|", TS_GET),
    (NET, "import { connect } from './net';\nconst c = connect('x');\nc.ge|", TS_GET),
    (NET, CLIENT + "class A {\n  c: Client;\n  f() {\n    this.c.ge|", TS_GET),
    (NET, CLIENT + "class A extends Client {\n  f() {\n    this.ge|", TS_GET),
    ({**NET, "index.ts": "export * from './net';"}, "import { Client } from '.';\nnew Client(|", TS_NEW),
    ({**NET, "a.ts": "export { Client as C } from './net';"}, "import { C } from './a';\nnew C(|", TS_NEW),
    ({**NET, **PATHS}, "import { Client } from '@/net';\nnew Client(|", TS_NEW),
    (PACKAGE, "import { Client } from 'net';\nnew Client(|", TS_NEW),
    (NET, CLIENT + "class A<\n  B,\n> {\n  constructor(private c: Client) {}\n  f() {\n    this.c.ge|", TS_GET),
    (NET, CLIENT + "type C<T> = A<T> | Client;\nfunction f(this: C<X>) {\n  this.ge|", TS_GET),
    (NET, "import { Page } from './net';\nlet page: Page;\npage.|", TS_PAGE),
]


@pytest.mark.parametrize(("files", "text", "expected"), TYPESCRIPT)
async def test_typescript(tmp_path, files, text, expected):
    found = await ask(source_for(plant(tmp_path, files)), query_at(tmp_path, "main.ts", text, "typescript"))

    assert expected in "".join(one.text for one in found)


GO_MOD = {"go.mod": "module example.com/app\n"}
GO_NET = """package net

// Client talks to a server.
type Client struct {
\tURL string
}

// Get gets a page.
func (c *Client) Get(path string) (*Page, error) {
\treturn nil, nil
}

// New makes a client.
func New(url string) *Client {
\treturn &Client{url}
}
"""
RUST_NET = """/// Talks to a server.
pub struct Client { url: String }
impl Client {
    pub fn new(url: &str) -> Self { Client { url: url.into() } }
    /// Get a page.
    pub fn get(&self, path: &str) -> Page { todo!() }
}
/// Connect it.
pub fn connect(url: &str) -> Client { Client::new(url) }
"""
JAVA_CLIENT = """package app.net;
/** Talks to a server. */
public class Client extends Base {
    public Client(String url) {}
    /** Get a page. */
    public Page get(String path) { return null; }
}
"""
CS_CLIENT = """namespace App.Net
{
    /// <summary>Talks to a server.</summary>
    public class Client : Base
    {
        public Client(string url) {}
        public Page Get(string path) { return null; }
    }
}
"""
PHP_CLIENT = """<?php
namespace App\\Net;
/** Talks to a server. */
class Client extends Base {
    public function __construct(string $url) {}
    public function get(string $path): Page { return 1; }
}
"""
COMPOSER = {"composer.json": '{"autoload": {"psr-4": {"App\\\\": "src/"}}}'}
RUBY_CLIENT = """# Talks to a server.
class Client < Base
  def initialize(url)
  end

  # Get a page.
  def get(path)
    path
  end
end
"""
C_NET = "struct client;\n/* Connect it. */\nint net_connect(struct client *c, const char *url);\n"
CPP_NET = """namespace net {
class Client : public Base {
 public:
  Client(int url);
  int get(int path) const;
};
}
"""

LANGUAGES = [
    # language, files, the document, its text, what is found
    ("go", {**GO_MOD, "net/net.go": GO_NET}, "main.go",
     'package main\nimport "example.com/app/net"\nfunc f() {\n\tc := net.New(|',
     "// New makes a client.\nfunc New(url string) *Client\n"),
    ("go", {**GO_MOD, "net/net.go": GO_NET}, "main.go",
     'package main\nimport n "example.com/app/net"\nfunc f() {\n\tc := n.New("x")\n\tc.Ge|',
     "\t// Get gets a page.\n\tfunc (c *Client) Get(path string) (*Page, error)\n"),
    ("go", {**GO_MOD, "net/net.go": GO_NET}, "net/other.go",
     "package net\nfunc f(c *Client) {\n\tc.Ge|",
     "\t// Get gets a page.\n\tfunc (c *Client) Get(path string) (*Page, error)\n"),
    ("rust", {"Cargo.toml": "", "src/net.rs": RUST_NET}, "src/main.rs",
     "mod net;\nuse crate::net::connect;\nfn main() {\n    connect(|",
     "/// Connect it.\npub fn connect(url: &str) -> Client;\n"),
    ("rust", {"Cargo.toml": "", "src/net.rs": RUST_NET}, "src/main.rs",
     "mod net;\nfn main() {\n    net::connect(|",
     "/// Connect it.\npub fn connect(url: &str) -> Client;\n"),
    ("rust", {"Cargo.toml": "", "src/net.rs": RUST_NET}, "src/main.rs",
     'use crate::net::Client;\nfn main() {\n    let c = Client::new("x");\n    c.ge|',
     "  /// Get a page.\n  pub fn get(&self, path: &str) -> Page;\n"),
    ("java", {"src/main/java/app/net/Client.java": JAVA_CLIENT}, "src/main/java/app/Main.java",
     "package app;\nimport app.net.Client;\nclass Main {\n    void f() {\n        Client c = new Client(|",
     "/** Talks to a server. */\npublic class Client extends Base {\n  public Client(String url);\n}\n"),
    ("java", {"src/main/java/app/net/Client.java": JAVA_CLIENT}, "src/test/java/app/T.java",
     "package app;\nimport app.net.*;\nclass T {\n    void f(Client c) {\n        c.ge|",
     "  /** Get a page. */\n  public Page get(String path);\n"),
    ("java", {"app/net/Client.java": JAVA_CLIENT}, "app/net/Main.java",
     "package app.net;\nclass Main {\n    private final Client c;\n    void f() {\n        this.c.ge|",
     "  /** Get a page. */\n  public Page get(String path);\n"),
    ("csharp", {"Net/Client.cs": CS_CLIENT}, "Main.cs",
     'using App.Net;\nclass Main\n{\n    void F()\n    {\n        var c = new Client("x");\n        c.Ge|',
     "  public Page Get(string path);\n"),
    ("php", {**COMPOSER, "src/Net/Client.php": PHP_CLIENT}, "src/Main.php",
     "<?php\nnamespace App;\nuse App\\Net\\Client;\nfunction f(Client $c) {\n    $c->ge|",
     "  public function get(string $path): Page;\n"),
    ("php", {**COMPOSER, "src/Net/Client.php": PHP_CLIENT}, "src/Main.php",
     "<?php\nnamespace App;\nuse App\\Net\\Client as C;\n$c = new C(|",
     "  public function __construct(string $url);\n"),
    ("ruby", {"lib/client.rb": RUBY_CLIENT}, "lib/main.rb",
     "require_relative 'client'\nc = Client.new('x')\nc.ge|",
     "# Talks to a server.\nclass Client < Base\n  # Get a page.\n  def get(path)\n  end\nend\n"),
    ("c", {"include/net.h": C_NET}, "src/main.c",
     '#include "net.h"\nint main(void) {\n    net_connect(|',
     "/** Connect it. */\nint net_connect(struct client *c, const char *url);\n"),
    ("cpp", {"include/net.hpp": CPP_NET}, "src/main.cpp",
     '#include <net.hpp>\nint main() {\n    net::Client c;\n    c.ge|',
     "class Client : public Base {\n  int get(int path) const;\n}\n"),
]  # fmt: skip


@pytest.mark.parametrize(("language", "files", "file", "text", "expected"), LANGUAGES)
async def test_other_languages(tmp_path, language, files, file, text, expected):
    root = plant(tmp_path, {**files, file: ""})

    found = await ask(source_for(root), query_at(root, file, text, language))

    assert expected in "".join(one.text for one in found)


PHP_SHOP = """<?php
class Shop {
    const LIMIT = 3;
    private string $name;
    public static function open(): Shop { return new Shop(); }
    public function sell(int $n): void {}
    public function f() {
        %s|
    }
}
"""


@pytest.mark.parametrize(
    ("access", "expected"),
    [("$this->", {"name", "sell"}), ("self::", {"LIMIT", "open"}), ("parent::", set())],
)
async def test_what_php_lets_follow(tmp_path, access, expected):
    query = query_at(tmp_path, "Shop.php", PHP_SHOP % access, "php")
    place = replace(query.place, prefix=query.place.line_before, suffix="")  # the window shows nothing else

    found = await ask(source_for(plant(tmp_path, {})), replace(query, place=place))

    text = "".join(one.text for one in found)
    assert {name for name in ("LIMIT", "name", "open", "sell") if f"{name}" in text} == expected
