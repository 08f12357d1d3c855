import pytest

from ai_lsp.context.definitions.inference import Origin, bases_of, origin_of, returned_by, type_name

ORIGINS = [
    # language, text, name, chain, called
    ("python", "def f(client: Client, x): ...", "client", "Client", False),
    ("python", "def f(c: httpx.Client | None = None): ...", "c", "httpx.Client", False),
    ("python", "c: 'Client' = make()", "c", "Client", False),
    ("python", "c: Optional[Client]", "c", "Client", False),
    ("python", "c: None | Client", "c", "Client", False),
    ("python", "c: Annotated[Client, Depends()]", "c", "Client", False),
    ("python", "c: list[Client]", "c", "list", False),
    ("python", "c = Client(1)", "c", "Client", True),
    ("python", "c = await pkg.connect(1)", "c", "pkg.connect", True),
    ("python", "with Client() as c:", "c", "Client", True),
    ("python", "async with a() as b, pkg.Client(x) as c:", "c", "pkg.Client", True),
    ("python", "if isinstance(c, Client):", "c", "Client", False),
    ("python", "if isinstance(c, (Client, X)):", "c", "Client", False),
    ("python", "self.c = Client()", "self.c", "Client", True),
    ("python", "self.c: Client = x", "self.c", "Client", False),
    ("python", "self.c = given", "self.c", "given", False),
    ("python", "c = One()\nc = Two()", "c", "Two", True),
    ("python", "c = one[0]", "c", None, False),
    ("python", "c = None", "c", None, False),
    ("python", "c == Client()", "c", None, False),
    ("python", "cc = Client()", "c", None, False),
    ("python", "x.c = Client()", "c", None, False),
    ("python", "c: int = 3", "c", "int", False),
    ("python", "", "c", None, False),
    ("typescript", "function f(c: Client, d?: D) {", "d", "D", False),
    ("typescript", "const c = new Client<A>(1)", "c", "Client", True),
    ("typescript", "const c = await connect()", "c", "connect", True),
    ("typescript", "private readonly c: Client;", "c", "Client", False),
    ("typescript", "let c: Client | undefined", "c", "Client", False),
    ("typescript", "let c: Promise<Client>", "c", "Client", False),
    ("javascript", "const c = new ns.Client()", "c", "ns.Client", True),
    ("java", "Client c = x();", "c", "Client", False),
    ("java", "void f(final Client c, int d) {", "c", "Client", False),
    ("java", "var c = new Client();", "c", "Client", True),
    ("java", "List<Client> c = y;", "c", "List", False),
    ("csharp", "private readonly Client c;", "c", "Client", False),
    ("cpp", "ns::Client* c = x;", "c", "ns.Client", False),
    ("c", "struct_t *c;", "c", "struct_t", False),
    ("php", "function f(Client $c) {", "c", "Client", False),
    ("php", "$c = new App\\Client();", "c", "App.Client", True),
    ("go", "func f(c *http.Client, d int) {", "c", "http.Client", False),
    ("go", "c := http.NewClient(1)", "c", "http.NewClient", True),
    ("go", "c := &Client{}", "c", "Client", False),
    ("go", "func (c *Client) Do() {", "c", "Client", False),
    ("rust", "fn f(c: &mut Client) {", "c", "Client", False),
    ("rust", "let c = Client::new(1);", "c", "Client.new", True),
    ("rust", "let c: Box<Client> = x;", "c", "Client", False),
    ("ruby", "c = Client.new(1)", "c", "Client.new", True),
]


@pytest.mark.parametrize(("language", "text", "name", "chain", "called"), ORIGINS)
def test_where_the_type_of_a_variable_comes_from(language, text, name, chain, called):
    expected = Origin(tuple(chain.split(".")), called) if chain else None

    assert origin_of(name, text, language) == expected


@pytest.mark.parametrize("text", ["\ud800", "c: " + "[" * 5000, "c = " + "a." * 5000, "c\0:", "c: Optional[" * 50])
def test_any_text_is_taken(text):
    for language in ("python", "typescript", "java", "go", "rust", "php"):
        origin_of("c", text, language)
    type_name(text)
    bases_of(text)
    returned_by(text)


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("class A:", []),
        ("class A(B):", ["B"]),
        ("class A(pkg.B, Generic[T], metaclass=M):", ["pkg.B", "Generic"]),
        ("class A extends B implements C, D {", ["B", "C", "D"]),
        ("export class A<T> extends B<T> {", ["B"]),
        ("public class A : B, IThing", ["B", "IThing"]),
        ("class A : public ns::B", ["ns.B"]),
        ("class A < B::C", ["B.C"]),
        ("interface A extends B", ["B"]),
        ("struct A", []),
        ("class A()", []),
        ("export type A<B extends C = D, E = F> = G<B> | H<B, () => X> & ns.I;", ["G", "H", "ns.I"]),
        ("type A = string[] | null | B", ["B"]),
        ("type A = { b: C }", []),
    ],
)
def test_base_classes(signature, expected):
    assert [".".join(chain) for chain in bases_of(signature)] == expected


@pytest.mark.parametrize(
    ("signature", "expected"),
    [
        ("def f(a: int) -> Client:", "Client"),
        ("async def f() -> 'pkg.Client | None':", "pkg.Client"),
        ("def f(\n    a: int,\n) -> Client:", "Client"),
        ("def f():", None),
        ("def f() -> None:", None),
        ("function f(a: string): Client {", "Client"),
        ("f(): Promise<Client>;", "Client"),
        ("pub fn f(&self) -> Box<Client> {", "Client"),
        ("func NewClient(a int) *Client {", "Client"),
        ("func (c *Pool) Get(ctx Context) (*Client, error) {", "Client"),
        ("public Client make(int a)", "Client"),
        ("Client *make(int a);", "Client"),
        ("void f()", None),
    ],
)
def test_what_a_function_returns(signature, expected):
    found = returned_by(signature)

    assert (".".join(found) if found else None) == expected
