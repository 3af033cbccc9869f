"""Acting through the page: wallets, what they refuse, and what comes of what they sign."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from eth_account.messages import _hash_eip191_message, encode_typed_data
from playwright.sync_api import BrowserContext, Page, Route, expect

from backend.cli import typed_data
from backend.cli.contracts import Contracts
from tests.backend.chains import ROOT
from tests.backend.commune import DAY, FOR, GENERAL, POINT, text_hash
from tests.web.wallet import Wallet

TYPES = {".js": "text/javascript", ".css": "text/css"}
SHELL = """<!doctype html><html lang="en"><title>Acting</title><div id="page"></div>
<script type="module" src="page.js"></script></html>"""
STRANGER = 10


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tests/web/acting/page.tsx with the page's own modules, as a browser takes it."""
    folder = tmp_path_factory.mktemp("acting")
    options = ("--bundle", "--format=esm", "--splitting", "--target=es2022", "--jsx=automatic")
    subprocess.run(
        [
            *(
                "node_modules/.bin/esbuild",
                "tests/web/acting/page.tsx",
                *options,
                "--jsx-import-source=preact",
            ),
            *("--tsconfig=web/tsconfig.json", "--define:PROOFS_WORKER=''", "--log-level=warning"),
            f"--outdir={folder}",
        ],
        cwd=ROOT,
        check=True,
    )
    return folder


@pytest.fixture
def serve(bundle: Path, desk: Any) -> Callable[[BrowserContext], None]:
    """Lets a browser find the bundle beside the node's own page."""

    def serving(context: BrowserContext) -> None:
        def answer(route: Route) -> None:
            name = urlsplit(route.request.url).path.removeprefix("/acting/")
            path = bundle / name
            if not name:
                route.fulfill(body=SHELL, content_type="text/html")
            else:
                route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])

        context.route(f"{desk.node}/acting/**", answer)

    return serving


@pytest.fixture
def open_acting(
    open_context: Callable[..., BrowserContext], serve: Callable[[BrowserContext], None], desk: Any
) -> Callable[..., Page]:
    """A page that acts, signed in where there is a wallet to sign in with."""

    def opening(wallet: Wallet | None, *, sign_in: bool = True, script: str = "", **wanted: Any) -> Page:
        context = open_context(wallet)
        if script:
            context.add_init_script(script)
        serve(context)
        page = context.new_page()
        go(page, **wanted)
        if wallet is not None and sign_in:
            signed_in(page, wallet)
        return page

    return opening


def go(page: Page, **wanted: Any) -> None:
    page.goto(f"/acting/#{quote(json.dumps(wanted))}")
    page.wait_for_function("() => window.acting && acting.now().head !== null")


def signed_in(page: Page, wallet: Wallet) -> None:
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name=wallet.name).click()
    page.wait_for_function("() => acting.now().who !== null")


def cast(page: Page, proposal: int, votes: int = 1, **options: Any) -> Any:
    ballot = {"proposalId": str(proposal), "support": FOR, "votes": votes, "title": "My ballot"}
    return page.evaluate("([ballot, options]) => acting.cast(ballot, options)", [ballot, options])


def perform(page: Page, module: str, name: str, *args: Any, **options: Any) -> Any:
    action = {"module": module, "name": name, "args": list(args), "title": f"{module} {name}"}
    return page.evaluate("([action, options]) => acting.perform(action, options)", [action, options])


def outcome(page: Page, state: str) -> dict[str, Any]:
    """The latest outcome, once it is in that state."""
    reached = f"() => acting.now().outcomes[0]?.state === '{state}'"
    try:
        page.wait_for_function(reached)
    except Exception:
        raise AssertionError(page.evaluate("() => [acting.states, acting.now()]")) from None
    found: dict[str, Any] = page.evaluate("() => acting.now().outcomes[0]")
    return found


@pytest.fixture
def voting(desk: Any) -> int:
    """A proposal on which members vote."""
    return open_vote(desk)


def open_vote(desk: Any) -> int:
    c = desk.commune
    award = ("reputation", c.data("reputation", "award", 2, GENERAL, POINT, 0, text_hash("care"), 3))
    author = c.people[5]
    live = c.call("assembly", "liveProposalOf", 5)
    if live:
        c.wait_until(int(c.call("assembly", "followEnd", live)) + 1)
    draft = c.draft(author, award, text="For care")
    proposal: int = c.propose(draft, author, (c.people[1], c.people[2]))
    c.to_voting(proposal)
    desk.catch_up()
    return proposal


# Wallets


def test_a_wallet_is_chosen_once_and_taken_up_again_without_a_question(open_acting, wallet):
    page = open_acting(wallet)
    expect(page.get_by_role("button", name="Signed in as Member 1")).to_be_visible()
    page.reload()
    page.wait_for_function("() => acting.now().who !== null")
    assert [method for method, _ in wallet.asked].count("eth_requestAccounts") == 1
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("button", name="Sign out").click()
    page.reload()
    page.wait_for_function("() => acting.now().wallets.length === 1")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_without_a_wallet_nothing_is_signed_and_the_page_says_what_would_help(open_acting, voting):
    page = open_acting(None, action={"module": "presence", "name": "giveNotice", "args": [2], "title": "x"})
    assert cast(page, voting)["refused"] == "no-wallet"
    page.get_by_role("button", name="Do it").click()
    expect(page.get_by_role("dialog")).to_contain_text("No wallet was found in this browser")


def test_a_wallet_that_speaks_only_the_old_way_is_found(open_acting):
    old = """window.ethereum = {
        request: async ({ method }) => (method === "eth_chainId" ? "0x7a69" : ["0x" + "12".repeat(20)]),
    }"""
    page = open_acting(None, script=old)
    page.wait_for_function("() => acting.now().wallets.length === 1")
    assert page.evaluate("() => acting.now().wallets[0].kind") == "window"


def test_what_a_wallet_says_of_itself_is_shown_as_text_and_never_loaded(open_acting, wallet):
    wallet.name = "<img src=x onerror=alert(1)>\u202eevil"
    hostile = """addEventListener("eip6963:requestProvider", () => dispatchEvent(new CustomEvent(
        "eip6963:announceProvider", { detail: { provider: { request: async () => [] }, info: {
            uuid: "1", rdns: "evil.example", name: "Evil", icon: "https://evil.example/track.png" } } })))"""
    page = open_acting(wallet, sign_in=False, script=hostile)
    page.wait_for_function("() => acting.now().wallets.length === 2")
    found = {one["name"]: one["icon"] for one in page.evaluate("() => acting.now().wallets")}
    assert found["Evil"] is None
    page.get_by_role("button", name="Sign in", exact=True).click()
    button = page.get_by_role("button", name="<img src=x onerror=alert(1)>evil")
    expect(button).to_be_visible()
    assert button.locator("img").count() == 1
    assert button.locator("img").get_attribute("src").startswith("data:image/svg+xml")


def test_a_wallet_on_another_chain_is_told_so_and_switched(open_acting, wallet, voting):
    notice = {"module": "presence", "name": "giveNotice", "args": [2], "title": "x"}
    page = open_acting(wallet, action=notice)
    wallet.be_on(1)
    refused = cast(page, voting)
    assert refused["refused"] == "wrong-chain"
    assert "is on chain 1, and the commune is on chain 31337" in refused["message"]
    page.get_by_role("button", name="Do it").click()
    wallet.knows_chain = False
    page.get_by_role("button", name="Signed in as").click()
    page.get_by_role("dialog").get_by_role("button", name="Switch to chain 31337").click()
    expect(page.get_by_role("dialog")).to_contain_text("does not know chain 31337")
    assert not [method for method, _ in wallet.asked if method == "wallet_addEthereumChain"]
    wallet.knows_chain = True
    page.get_by_role("dialog").get_by_role("button", name="Switch to chain 31337").click()
    expect(page.get_by_role("dialog").get_by_role("button", name="Switch to chain")).to_have_count(0)
    assert cast(page, voting) == {"done": True}


def test_another_account_chosen_in_the_wallet_is_who_signs_from_then_on(open_acting, wallet, desk):
    page = open_acting(wallet)
    wallet.become(desk.commune.people[3])
    expect(page.get_by_role("button", name="Signed in as Member 3")).to_be_visible()


# What is refused


def test_a_rejected_signature_leaves_nothing_behind(open_acting, wallet, voting):
    page = open_acting(wallet)
    wallet.rejects.add("eth_signTypedData_v4")
    assert cast(page, voting)["refused"] == "rejected"
    assert page.evaluate("() => acting.now().outcomes") == []
    wallet.rejects.clear()
    assert cast(page, voting) == {"done": True}
    outcome(page, "final")


def test_an_account_that_is_no_member_is_told_before_it_signs(open_acting, wallet, desk, voting):
    wallet.become(desk.commune.people[STRANGER])
    page = open_acting(wallet)
    assert cast(page, voting)["refused"] == "no-member"
    refused = perform(page, "admission", "vouch", 1)
    assert refused["refused"] == "no-member"
    assert wallet.signed() == []


def test_what_the_contract_would_refuse_is_told_in_words_before_it_is_signed(open_acting, wallet, voting):
    page = open_acting(wallet)
    refused = cast(page, voting, votes=31)
    assert (refused["refused"], refused["code"]) == ("credits", "VoiceCreditsExceeded")
    assert refused["message"].startswith("That costs 960 voice credits, and member 1 has ")
    refused = perform(page, "admission", "vouch", 99)
    assert refused["code"] == "AdmissionUnknownApplication"
    assert refused["message"] == "There is no application 99."
    assert wallet.signed() == []


@pytest.mark.parametrize("letters", [70_000, 5_000_000])
def test_a_text_that_no_node_would_take_is_refused_before_it_is_signed(open_acting, wallet, letters):
    page = open_acting(wallet)
    ask = """(letters) => {
        const text = "x".repeat(letters);
        const hash = "0x" + "11".repeat(32);
        const apply = { module: "admission", name: "applyToJoin", args: [hash], texts: [text] };
        const propose = { module: "assembly", name: "propose", args: [[], [], [], text] };
        return Promise.all([apply, propose].map((action) => acting.perform({ ...action, title: "x" })));
    }"""
    for refused in page.evaluate(ask, letters):
        assert refused["refused"] == "too-long"
    assert wallet.signed() == []


def test_a_vote_that_closes_while_the_ballot_is_chosen_is_told_to_be_closed(
    open_acting, wallet, desk, voting
):
    page = open_acting(wallet)
    desk.commune.to_end(voting)
    refused = cast(page, voting)
    assert refused["refused"] == "closed"
    desk.catch_up()
    assert wallet.signed() == []


# By the relay, and by oneself


def test_a_ballot_goes_by_the_relay_and_becomes_final_before_the_members_eyes(
    open_acting, wallet, desk, voting
):
    page = open_acting(wallet)
    assert cast(page, voting, votes=2) == {"done": True}
    found = outcome(page, "final")
    assert desk.commune.call("assembly", "ballotOf", voting, 1)[:3] == (True, FOR, 2)
    assert found["tx"].startswith("0x")
    assert not [method for method, _ in wallet.asked if method == "eth_sendTransaction"]
    states = page.evaluate("() => acting.states")
    assert [said.split()[-1] for said in states] == ["signing", "sent", "included", "final"]
    page.get_by_role("button", name="What you signed").click()
    expect(page.locator("#tray-list")).to_contain_text("Done, for good")
    page.reload()
    page.wait_for_function("() => acting.now().outcomes.length === 1")
    assert page.evaluate("() => acting.now().outcomes[0].state") == "final"


def test_a_transaction_of_ones_own_is_followed_to_its_end_as_well(open_acting, wallet, desk, voting):
    page = open_acting(wallet)
    assert cast(page, voting, way="transaction") == {"done": True}
    outcome(page, "final")
    assert desk.commune.call("assembly", "ballotOf", voting, 1)[0]
    assert wallet.signed() == []


def test_an_act_button_tells_how_far_it_has_come(open_acting, wallet, desk):
    c = desk.commune
    application = c.apply(c.people[STRANGER + 1], "I am new here")
    desk.catch_up()
    vouch = {"module": "admission", "name": "vouch", "args": [str(application)], "title": "Vouch for them"}
    page = open_acting(wallet, action=vouch)
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("[data-outcome=final]")).to_be_visible()
    assert c.call("admission", "vouchersOf", application) == (1,)
    page.get_by_role("button", name="Do it").click()
    expect(page.locator("[data-refusal=already]")).to_contain_text("Member 1 has vouched")


@pytest.mark.parametrize("text", ["Grüße, 你好 and שלום", "0x1234", "0x", ""])
def test_a_text_is_hashed_as_its_letters_whatever_they_look_like(open_acting, text):
    page = open_acting(None)
    assert page.evaluate("(text) => acting.textHash(text)", text) == f"0x{text_hash(text).hex()}"


def test_a_text_is_given_to_the_node_once_its_hash_is_on_the_chain(open_acting, wallet, desk):
    text = "Who I am, and what I would like to do here"
    hashed = f"0x{text_hash(text).hex()}"
    wallet.become(desk.commune.people[STRANGER + 2])
    page = open_acting(wallet)
    action = {
        "module": "admission",
        "name": "applyToJoin",
        "args": [hashed],
        "title": "Apply",
        "texts": [text],
    }
    assert page.evaluate("(action) => acting.perform(action)", action) == {"done": True}
    outcome(page, "final")
    assert page.request.get(f"{desk.node}/v1/texts/{hashed}").text() == text


# Twice


def test_two_tabs_that_vote_at_once_cast_one_ballot(open_acting, wallet, desk, voting, faults):
    faults.forgive("status of 422")
    one = open_acting(wallet)
    other = one.context.new_page()
    go(other)
    other.wait_for_function("() => acting.now().who !== null")
    start = "(ballot) => { window.cast = acting.cast(ballot); }"
    ballot = {"proposalId": str(voting), "support": FOR, "votes": 1, "title": "My ballot"}
    for page in (one, other):
        page.evaluate(start, ballot)
    ended = [page.evaluate("() => window.cast") for page in (one, other)]
    assert sorted(said.get("refused", "cast") for said in ended) == ["already", "cast"]
    page = other if "refused" in ended[0] else one
    outcome(page, "final")
    # Both tabs show it, and neither can be made to ask the wallet again.
    for page in (one, other):
        page.wait_for_function("() => acting.now().outcomes.some(({ state }) => state === 'final')")
        assert cast(page, voting)["refused"] == "already"
    assert len([document for document in wallet.signed() if document["primaryType"] == "MemberBallot"]) <= 2


def test_who_has_voted_on_another_device_is_told_calmly(open_acting, wallet, desk, voting):
    desk.commune.send(desk.commune.people[1], "assembly", "castBallot", voting, FOR, 1)
    page = open_acting(wallet)
    refused = cast(page, voting)
    assert (refused["refused"], refused["code"]) == ("already", "AssemblyAlreadyVoted")
    assert wallet.signed() == []


# When something is away, or wrong


def test_a_ballot_waits_for_a_node_that_is_down_and_is_cast_when_it_is_back(
    open_acting, wallet, desk, voting, faults
):
    faults.forgive("Failed to load resource|ERR_FAILED")
    page = open_acting(wallet)
    page.wait_for_function("() => acting.now().member === 1")
    assert perform(page, "presence", "giveNotice", 2)["refused"] != "no-wallet"
    down = lambda route: route.abort()  # noqa: E731
    page.context.route(f"{desk.node}/v1/**", down)
    assert cast(page, voting) == {"done": True}
    assert outcome(page, "queued")["posted"]["path"] == "/v1/relay/ballots"
    page.get_by_role("button", name="What you signed").click()
    expect(page.locator("#tray-list")).to_contain_text("It is sent as soon as the node can be reached")
    page.context.unroute(f"{desk.node}/v1/**", down)
    outcome(page, "final")
    assert desk.commune.call("assembly", "ballotOf", voting, 1)[0]


@pytest.mark.parametrize("hours", [-26, 26])
def test_a_device_whose_clock_is_a_day_off_signs_for_the_chains_time(open_acting, wallet, desk, hours):
    wrong = f"""(() => {{
        const Real = Date, off = {hours} * 3_600_000;
        Date = class extends Real {{
            constructor(...given) {{ if (given.length) super(...given); else super(Real.now() + off); }}
            static now() {{ return Real.now() + off; }}
        }};
    }})()"""
    page = open_acting(wallet, script=wrong)
    # Something that the relay carries out and the contract allows, again and again.
    assert perform(page, "recovery", "setGuardians", [2, 3, 4 if hours > 0 else 5], 2) == {"done": True}
    deadline = int(wallet.signed()[-1]["message"]["deadline"])
    assert abs(deadline - DAY - desk.commune.now) < 600
    outcome(page, "final")


def test_a_node_that_lives_in_the_future_gets_no_signature_that_never_lapses(open_acting):
    page = open_acting(None)
    now, year_3000 = 1_800_000_000, 32_503_680_000
    counted = "([chain, device, local]) => acting.countedFrom(chain, device, local)"
    assert page.evaluate(counted, [year_3000, now, False]) == now + 2 * DAY
    # A device that is a day off goes by the chain, and a chain of one machine may be moved as it pleases.
    assert page.evaluate(counted, [now, now - DAY, False]) == now
    assert page.evaluate(counted, [now, now + DAY, False]) == now
    assert page.evaluate(counted, [year_3000, now, True]) == year_3000


def test_a_full_storage_is_told_and_keeps_nobody_from_voting(open_acting, wallet, voting):
    full = """IDBObjectStore.prototype.put = function () {
        throw new DOMException("There is no room", "QuotaExceededError");
    }"""
    page = open_acting(wallet, script=full)
    assert cast(page, voting) == {"done": True}
    outcome(page, "final")
    page.get_by_role("button", name="What you signed").click()
    expect(page.locator("#tray-list")).to_contain_text("storage is full or closed")


def test_what_the_chain_takes_back_is_undone_visibly_and_cast_again(open_acting, wallet, desk, voting):
    page = open_acting(wallet)
    chain = desk.commune.chain
    assert cast(page, voting) == {"done": True}
    outcome(page, "final")
    page.get_by_role("button", name="What you signed").click()
    page.evaluate(
        """() => {
            window.seen = [];
            const list = document.querySelector("#tray-list");
            new MutationObserver(() => seen.push(list.textContent))
                .observe(list, { subtree: true, childList: true, characterData: true });
        }"""
    )
    chain.rpc("anvil_reorg", 1, [])
    page.wait_for_function("() => acting.states.some((said) => said.endsWith('undone'))")
    chain.mine()
    outcome(page, "final")
    assert page.evaluate("() => seen.some((text) => text.includes('The chain took it back'))")
    assert desk.commune.call("assembly", "ballotOf", voting, 1)[0]


# Whether it is true


def test_a_node_that_lies_about_a_tally_is_shown_up_by_the_chain_and_by_another_node(
    open_acting, wallet, desk, voting, hosts
):
    honest = desk.node.replace("127.0.0.1", "localhost")
    hosts.add(urlsplit(honest).netloc)
    hosts.add(urlsplit(desk.commune.chain.url).netloc)
    page = open_acting(wallet, verify={"proposal": str(voting)})
    page.context.grant_permissions(["local-network-access"])

    def lie(route: Route) -> None:
        answer = route.fetch()
        said = answer.json()
        said["data"]["tally"]["forVotes"] += 40
        route.fulfill(response=answer, json=said, headers={"access-control-allow-origin": "*"})

    page.context.route(f"{desk.node}/v1/proposals/{voting}", lie)
    page.get_by_role("button", name="Check against another source").click()
    dialog = page.get_by_role("dialog")
    for source, address in (("node", honest), ("chain", desk.commune.chain.url), ("wallet", None)):
        dialog.get_by_label("Ask").select_option(source)
        if address:
            dialog.get_by_label("Address").fill(address)
        dialog.get_by_role("button", name="Check", exact=True).click()
        row = dialog.get_by_role("row").filter(has_text="forVotes")
        expect(row).to_contain_text("40")
        expect(dialog.get_by_role("row")).to_have_count(2)
        expect(dialog).to_contain_text("They do not say the same")
    page.context.unroute(f"{desk.node}/v1/proposals/{voting}", lie)
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog).to_contain_text("Both say the same")


@pytest.mark.parametrize("of", [{"member": 1}, {"contracts": True}])
def test_what_an_honest_node_says_is_what_the_chain_says(open_acting, wallet, of):
    page = open_acting(wallet, verify=of)
    page.get_by_role("button", name="Check against another source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog).to_contain_text("Both say the same")


def test_other_code_at_a_contracts_address_is_noticed(open_acting, wallet, desk, hosts):
    hosts.add(urlsplit(desk.commune.chain.url).netloc)
    page = open_acting(wallet, verify={"contracts": True})
    page.context.grant_permissions(["local-network-access"])
    page.get_by_role("button", name="Check against another source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ask").select_option("chain")
    dialog.get_by_label("Address").fill(desk.commune.chain.url)
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog).to_contain_text("Both say the same")

    def lie(route: Route) -> None:
        asked = route.request.post_data_json
        answer = desk.commune.chain.rpc(asked["method"], *asked["params"])
        if asked["method"] == "eth_getCode" and asked["params"][0] == desk.commune.addresses["polls"].lower():
            answer = answer[:-2] + "ff"
        said = {"jsonrpc": "2.0", "id": asked["id"], "result": answer}
        route.fulfill(json=said, headers={"access-control-allow-origin": "*"})

    page.context.route(f"{desk.commune.chain.url}/**", lie)
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog.get_by_role("row")).to_have_count(2)
    expect(dialog.get_by_role("row").last).to_contain_text("Polls: code")


def test_a_source_that_is_no_node_is_told_to_be_none(open_acting, wallet, desk, faults):
    faults.forgive("Failed to load resource|ERR_CONNECTION|another host|unreachable")
    page = open_acting(wallet, verify={"member": 1})
    page.get_by_role("button", name="Check against another source").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Ask").select_option("node")
    dialog.get_by_label("Address").fill("http://127.0.0.1:9")
    dialog.get_by_role("button", name="Check", exact=True).click()
    expect(dialog).to_contain_text("No node answers at http://127.0.0.1:9")


# What is signed


@pytest.fixture
def contracts(desk: Any, page: Page) -> Contracts:
    return Contracts.of_node(page.request.get(f"{desk.node}/v1/node").json()["data"])


MESSAGES = {
    "memberBallot": {"proposalId": str(2**255 + 7), "memberId": 1, "support": 2, "votes": 31},
    "forwardRequest": {
        "from": "0x" + "5f" * 20,
        "to": "0x" + "a0" * 20,
        "gas": 1_500_000,
        "nonce": str(2**64 - 1),
        "deadline": 1_900_000_000,
        "data": "0x" + "ab" * 70,
    },
    "attestation": {"memberId": 3, "attester": 1, "checkIn": 4, "deadline": 1_900_000_000},
    "declaration": {
        "memberId": 1,
        "skills": "cooking, primeros auxilios ñ",
        "availability": "mon-fri 18:00-22:00",
        "zone": "Europe/Berlin",
        "declaredAt": 1_900_000_000,
    },
    "withdrawal": {"memberId": 1, "declaredAt": 1_900_000_000},
}


def test_the_page_asks_for_signatures_of_what_the_command_line_asks_for(open_acting, contracts):
    page = open_acting(None)

    def plain(value: Any) -> Any:
        if isinstance(value, str) and value.isdecimal():
            return int(value)
        return bytes.fromhex(value[2:]) if isinstance(value, str) and len(value) > 100 else value

    documents = {
        "memberBallot": lambda message: typed_data.ballot(contracts, **message),
        "forwardRequest": lambda message: typed_data.request(contracts, message),
        "attestation": lambda message: typed_data.attestation(contracts, **message),
        "declaration": lambda message: typed_data.declaration(contracts, message),
        "withdrawal": lambda message: typed_data.withdrawal(contracts, message),
    }
    assert documents.keys() == MESSAGES.keys()
    for kind, message in MESSAGES.items():
        wanted = documents[kind]({name: plain(value) for name, value in message.items()})
        digest = bytes(_hash_eip191_message(encode_typed_data(full_message=wanted)))
        made = page.evaluate("([kind, message]) => acting.digest(kind, message)", [kind, message])
        assert made == f"0x{digest.hex()}", kind


def test_an_attestation_made_in_the_page_lets_another_member_check_in(open_acting, wallet, desk):
    page = open_acting(wallet)
    signed = page.evaluate("() => acting.attest(3, 7)")["done"]
    assert (signed["memberId"], signed["attester"]) == (3, 1)
    wallet.become(desk.commune.people[3])
    page.wait_for_function("() => acting.now().member === 3")
    arguments = (signed["attester"], signed["deadline"], signed["attestation"])
    assert perform(page, "presence", "checkIn", *arguments) == {"done": True}
    outcome(page, "final")
    assert desk.commune.call("presence", "checkInCount", 3) == signed["checkIn"] + 1


def test_what_a_member_can_do_is_declared_and_taken_back(open_acting, wallet, desk):
    page = open_acting(wallet)
    said = {"skills": "cooking", "availability": "", "zone": ""}
    assert page.evaluate("(said) => acting.declare(said)", said) == {"done": None}
    desk.commune.wait(60)
    desk.catch_up()
    assert page.evaluate("() => acting.withdraw()") == {"done": None}


# What members show only to each other


def test_a_member_signs_in_with_a_message_of_the_standard_that_names_this_page(open_acting, wallet, desk):
    page = open_acting(wallet, members=True)
    assert page.evaluate("() => acting.skills()")["refused"] == "signed-out"
    wallet.rejects.add("personal_sign")
    page.get_by_role("button", name="Sign in as a member").click()
    expect(page.locator("[data-refusal=rejected]")).to_be_visible()
    wallet.rejects.clear()
    page.get_by_role("button", name="Sign in as a member").click()
    expect(page.get_by_text("What members see")).to_be_visible()
    (text, account) = next(params for method, params in reversed(wallet.asked) if method == "personal_sign")
    said = bytes.fromhex(text[2:]).decode()
    assert account == wallet.who.address.lower()
    assert said.startswith(
        f"{desk.node} wants you to sign in with your Ethereum account:\n{wallet.who.address}\n"
    )
    assert isinstance(page.evaluate("() => acting.skills()")["done"], list)
    page.get_by_role("button", name="End the session").click()
    expect(page.get_by_role("button", name="Sign in as a member")).to_be_visible()
    assert page.evaluate("() => acting.skills()")["refused"] == "signed-out"


def test_a_message_for_another_address_is_not_even_shown_to_the_wallet(open_acting, wallet, desk):
    page = open_acting(wallet, members=True)
    asked = page.request.post(f"{desk.node}/v1/session/wallet/challenge").json()
    asked["data"] |= {"uri": "https://bank.example", "domain": "bank.example"}
    page.context.route("**/v1/session/wallet/challenge", lambda route: route.fulfill(json=asked))
    page.get_by_role("button", name="Sign in as a member").click()
    expect(page.locator("[data-refusal=elsewhere]")).to_contain_text("the node is at https://bank.example")
    assert "personal_sign" not in [method for method, _ in wallet.asked]


# The demo's members


def test_on_its_own_machine_one_can_be_any_member_of_a_demo(open_acting, desk, voting, faults):
    # The demo's chain has another port here: the wallet does without it.
    faults.forgive("127.0.0.1:8545")
    page = open_acting(None)
    page.get_by_role("button", name="Sign in", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("everybody knows these keys")
    dialog.get_by_role("button", name="Find a member").click()
    dialog.get_by_label("Name or number").fill("4")
    dialog.get_by_role("button", name="Member 4").click()
    expect(page.get_by_role("button", name="Signed in as Member 4")).to_be_visible()
    assert cast(page, voting) == {"done": True}
    outcome(page, "final")
    assert desk.commune.call("assembly", "ballotOf", voting, 4)[0]
    page.reload()
    expect(page.get_by_role("button", name="Signed in as Member 4")).to_be_visible()


def test_nobody_is_a_demos_member_on_a_chain_that_is_not_of_this_machine(open_context, serve, desk):
    context = open_context(None)
    serve(context)

    said = context.request.get(f"{desk.node}/v1/node").json()
    said["data"]["chainId"] = 10
    context.route(f"{desk.node}/v1/node", lambda route: route.fulfill(json=said))
    page = context.new_page()
    go(page)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_role("button", name="Find a member")).to_have_count(0)
    refused = page.evaluate("(account) => acting.become(account)", desk.commune.people[1].address)
    assert refused["refused"] == "not-local"


# Last, since time passes


def test_a_dormant_member_is_told_to_check_in_first(open_acting, wallet, desk, travel):
    c = desk.commune
    gone = c.people[4]
    c.wait(400 * DAY)
    c.send(c.people[2], "presence", "giveNotice", 4)
    c.wait(15 * DAY)
    c.send(c.people[2], "presence", "markDormant", 4)
    proposal = open_vote(desk)
    wallet.become(gone)
    page = open_acting(wallet)
    assert cast(page, proposal)["refused"] == "dormant"
    refused = perform(page, "docket", "sponsor", str(proposal), GENERAL)
    assert (refused["refused"], refused["code"]) == ("dormant", "MembershipNotActive")
    assert wallet.signed() == []
