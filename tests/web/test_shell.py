"""The page comes from the node alone, and its policies hold in a real browser."""

from __future__ import annotations

from playwright.sync_api import expect


def test_the_page_starts_with_what_the_node_serves_and_asks_nobody_else(page, desk):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    answer = page.goto("/")
    assert answer is not None
    assert "require-trusted-types-for 'script'" in answer.headers["content-security-policy"]
    expect(page.get_by_role("banner")).to_contain_text("Dual Power")
    expect(page.get_by_role("main")).to_be_visible()
    assert len(asked) > 3
    assert {url.split("/")[2] for url in asked} == {desk.node.split("/")[2]}


def test_the_page_finds_the_wallet(page, wallet):
    page.goto("/")
    found = page.evaluate(
        """() => new Promise((resolve) => {
            addEventListener("eip6963:announceProvider", (event) => resolve(event.detail.info.name));
            dispatchEvent(new Event("eip6963:requestProvider"));
        })"""
    )
    assert found == wallet.name


def test_the_policy_stops_inline_scripts_strings_as_code_and_other_hosts(page, faults):
    page.goto("/")
    faults.forgive(r"(?i)content security policy|requires .Trusted|other\.example")
    stopped = page.evaluate(
        """() => {
            const refused = (act) => { try { act(); return null; } catch (error) { return error.name; } };
            const inline = document.createElement("div");
            return {
                html: refused(() => { inline.innerHTML = "<b>hi</b>"; }),
                worker: refused(() => new Worker("/assets/x.js")),
                policy: refused(() => trustedTypes.createPolicy("another", {})),
            };
        }"""
    )
    assert stopped == {"html": "TypeError", "worker": "TypeError", "policy": "TypeError"}
    with page.expect_event("console", lambda message: "other.example" in message.text):
        page.evaluate(
            """() => {
                const image = new Image();
                image.src = "http://other.example/x.png";
                document.body.append(image);
            }"""
        )


def test_the_wallet_signs_only_for_its_own_account_and_chain(page, wallet, desk):
    page.goto("/")
    request = """([method, params]) => new Promise((resolve) => {
        addEventListener("eip6963:announceProvider", (event) =>
            event.detail.provider.request({ method, params }).then(
                (result) => resolve({ result }), (error) => resolve({ code: error.code })));
        dispatchEvent(new Event("eip6963:requestProvider"));
    })"""

    def ask(method: str, *params):
        return page.evaluate(request, [method, list(params)])

    account = wallet.who.address.lower()
    assert ask("eth_accounts") == {"result": []}
    assert ask("eth_requestAccounts") == ask("eth_accounts") == {"result": [account]}
    assert ask("eth_blockNumber") == {"result": hex(desk.commune.chain.head)}
    wallet.rejects.add("personal_sign")
    assert ask("personal_sign", "0x6869", account) == {"code": 4001}
    wallet.rejects.clear()
    assert len(ask("personal_sign", "0x6869", account)["result"]) == 132
    assert ask("personal_sign", "0x6869", desk.commune.people[2].address) == {"code": 4100}
    sent = ask("eth_sendTransaction", {"from": account, "to": desk.commune.people[2].address, "value": "0x1"})
    assert desk.commune.chain.receipt(sent["result"])["status"] == "0x1"
    wallet.be_on(1)
    assert ask("eth_chainId") == {"result": "0x1"}
    assert ask("wallet_switchEthereumChain", {"chainId": "0x7a69"}) == {"result": None}
    assert ask("eth_chainId") == {"result": "0x7a69"}
