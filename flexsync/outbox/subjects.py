"""Fixed subjects of mails, and what each notice is called; nothing that somebody typed is ever in a subject."""

from flexsync.outbox.letter import Letter
from flexsync.outbox.speech import Speech


def subject(letter: Letter, _: Speech) -> str:
    """The subject of a Letter: that of the gravest thing it tells."""
    if letter.confirms:
        return _("Confirm your new e-mail address")
    if not letter.told:
        return _("News from your Flex space")
    gravest = letter.told[0]
    return _narrower(_).get((gravest.code, gravest.kind)) or subjects(_).get(
        gravest.code, _("News from your Flex space")
    )


def subjects(_: Speech) -> dict[str, str]:
    """The subject of each notice, N1 to N15."""
    return {
        "N1": _("Activate your Flexibilité accounts and download your software"),
        "N2": _("Your user account has been created: choose your password"),
        "N3": _("Your account has been changed"),
        "N4": _("One more subscription for your account"),
        "N5": _("Access withdrawn"),
        "N6": _("An account has been deleted"),
        "N7": _("Choose a new password"),
        "N8": _("News about a connected service"),
        "N9": _("The password of a connected service has changed"),
        "N10": _("A connected service is switched off"),
        "N11": _("Your data is now stored online"),
        "N12": _("Your data is kept on your workstations again"),
        "N13": _("An end date is near"),
        "N14": _("Your subscription has changed"),
        "N15": _("A new version of your software is available"),
    }


def _narrower(_: Speech) -> dict[tuple[str, str], str]:
    """Subjects of what a code says too narrowly, by code and kind of change."""
    products = _("The software of your subscription has changed")
    staying = _("The shared password of a connected service")
    return {
        ("N3", "password.change"): _("Your password has been changed"),
        ("N3", "product.add"): products,
        ("N3", "product.remove"): products,
        ("N9", "service.send_password"): staying,
        ("N9", "service.update"): staying,
        ("N10", "subscription.close"): _("Your subscription is closed"),
        ("N14", "run.digest"): _("Summary of the day's changes"),
    }
