"""The ways to bank and cloud, and the proxy between."""

from collections.abc import Mapping

from hikae.model.problems import Needs, ProblemCode, Retry
from hikae.model.wordings.entry import ProblemEntry, ProblemTexts

ENTRIES: Mapping[ProblemCode, ProblemEntry] = {
    ProblemCode.BANK_UNREACHABLE: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "銀行につながりません",
            "銀行のサイト⟨({host})⟩につながりませんでした。",
            "インターネット接続を確かめてください。時間をおいて自動で取得します。",
        ),
        en=ProblemTexts(
            "The bank cannot be reached",
            "The bank's site⟨ ({host})⟩ could not be reached.",
            "Check the internet connection. It is tried again later by itself.",
        ),
    ),
    ProblemCode.BANK_TLS_FAILED: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "銀行と安全に通信できません",
            "銀行のサイト⟨({host})⟩との暗号通信を始められませんでした。",
            "時間をおいて自動で取得します。続くときは[接続テスト]を押してください。",
        ),
        en=ProblemTexts(
            "No secure connection to the bank",
            "No encrypted connection to the bank's site⟨ ({host})⟩ could be made.",
            "It is tried again later by itself. If it goes on, press [Test connection].",
        ),
    ),
    ProblemCode.BANK_UNTRUSTED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "銀行のサイトを確認できません",
            ("接続先⟨({host})⟩が本物の銀行のサイトだと確認できないため、何も送らずに止めました。"),
            "通信を検査するソフトやProxyの設定を、社内の管理者に確かめてください。",
        ),
        en=ProblemTexts(
            "The bank's site is not proven",
            "The site⟨ ({host})⟩ could not prove to be the bank's, so nothing was sent.",
            "Ask your administrator about software or a proxy that inspects traffic.",
        ),
    ),
    ProblemCode.PROXY_UNREACHABLE: ProblemEntry(
        Retry.LATER,
        Needs.PERSON,
        ja=ProblemTexts(
            "Proxyにつながりません",
            "Proxy⟨({proxy})⟩につながりませんでした。",
            "設定でProxyのアドレスとポートを確かめ、[接続テスト]を押してください。",
        ),
        en=ProblemTexts(
            "Proxy cannot be reached",
            "The proxy⟨ ({proxy})⟩ could not be reached.",
            "Check its address and port in the settings and press [Test connection].",
        ),
    ),
    ProblemCode.PROXY_NOT_A_PROXY: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "Proxyではありません",
            "設定の接続先⟨({proxy})⟩はProxyとして応答しませんでした。",
            "設定でProxyのポートと種類を確かめ、[接続テスト]を押してください。",
        ),
        en=ProblemTexts(
            "Not a proxy",
            "What is set as proxy⟨ ({proxy})⟩ does not answer as one.",
            "Check its port and type in the settings and press [Test connection].",
        ),
    ),
    ProblemCode.PROXY_LOGIN: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "Proxyの認証に失敗しました",
            "Proxy⟨({proxy})⟩がユーザー名とパスワードを受け付けませんでした。",
            "設定でProxyの認証を直し、[接続テスト]を押してください。",
        ),
        en=ProblemTexts(
            "Proxy login failed",
            "The proxy⟨ ({proxy})⟩ did not accept user name and password.",
            "Correct its login in the settings and press [Test connection].",
        ),
    ),
    ProblemCode.PROXY_REFUSED: ProblemEntry(
        Retry.NEVER,
        Needs.PERSON,
        ja=ProblemTexts(
            "Proxyが接続を断りました",
            "Proxyが接続先⟨({host})⟩への接続を許可していません。",
            "接続を許可するよう、社内の管理者に依頼してください。",
        ),
        en=ProblemTexts(
            "The proxy refused",
            "The proxy does not allow connections to the target⟨ ({host})⟩.",
            "Ask your administrator to allow them.",
        ),
    ),
    ProblemCode.CLOUD_UNREACHABLE: ProblemEntry(
        Retry.LATER,
        Needs.NOBODY,
        ja=ProblemTexts(
            "クラウドにつながりません",
            (
                "Hikaeのクラウド⟨({host})⟩につながりませんでした。"
                "取得した明細はこのパソコンに保管しています。"
            ),
            "インターネット接続を確かめてください。つながると自動で送信します。",
        ),
        en=ProblemTexts(
            "The cloud cannot be reached",
            ("Hikae's cloud⟨ ({host})⟩ could not be reached. What was fetched is kept on this PC."),
            "Check the internet connection. It is sent by itself once connected.",
        ),
    ),
    ProblemCode.CLOUD_REJECTED: ProblemEntry(
        Retry.NEVER,
        Needs.OPERATOR,
        ja=ProblemTexts(
            "⟨クラウドからの指示を断りました({refused}件)|クラウドが受け付けません⟩",
            (
                "⟨クラウドから、このパソコンが受け付けない指示や応答が{refused}件届きました。"
                "いずれも実行していません。|クラウドが明細や要求を受け付けませんでした。"
                "明細はこのパソコンに保管しています。⟩⟨応答は{status}です。⟩"
            ),
            "[診断]で記録を作り、サポートに送ってください。",
        ),
        en=ProblemTexts(
            "⟨What the cloud said was turned down ({refused})|The cloud refused⟩",
            (
                "⟨The cloud said things that this PC does not take ({refused}). None of them was "
                "carried out.|The cloud did not accept what was sent. The transactions are kept "
                "on this PC.⟩⟨ It answered {status}.⟩"
            ),
            "Make a record with [Diagnose] and send it to support.",
        ),
    ),
}
