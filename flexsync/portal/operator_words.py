"""What the journal says was done, in words of the operator's language: one for each kind of change."""

from collections.abc import Callable

from flexsync.passwords import N_
from flexsync.portal.visit import Visit

KINDS = {
    "subscription.register": N_("Subscription registered"),
    "subscription.update": N_("Customer data changed"),
    "subscription.assert": N_("Contract changed"),
    "subscription.renew": N_("Contract renewed"),
    "subscription.close": N_("Subscription closed"),
    "seats.raise": N_("More user accounts"),
    "seats.lower": N_("Fewer user accounts"),
    "offer.upgrade": N_("Offer upgraded"),
    "offer.downgrade": N_("Offer downgraded"),
    "product.add": N_("Product added"),
    "product.remove": N_("Product removed"),
    "admin.create": N_("Administrator invited"),
    "admin.link": N_("Administrator linked to an existing account"),
    "admin.update": N_("Administrator's data changed"),
    "admin.propose_email": N_("New e-mail address of the administrator proposed"),
    "admin.withdraw_email": N_("Proposed e-mail address of the administrator withdrawn"),
    "admin.change_email": N_("E-mail address of the administrator changed"),
    "admin.invite_successor": N_("Successor of the administrator invited"),
    "admin.withdraw_successor": N_("Invitation of the successor withdrawn"),
    "admin.replace": N_("Administrator replaced"),
    "user.move_key": N_("User has another key"),
    "user.create": N_("User invited"),
    "user.link": N_("User linked to an existing account"),
    "user.reactivate": N_("User reactivated"),
    "user.update": N_("User's data changed"),
    "user.schedule": N_("First or last day of a user changed"),
    "user.propose_email": N_("New e-mail address of a user proposed"),
    "user.withdraw_email": N_("Proposed e-mail address of a user withdrawn"),
    "user.change_email": N_("E-mail address of a user changed"),
    "user.deactivate": N_("User deactivated"),
    "user.delete": N_("User deleted"),
    "access.grant": N_("Access granted"),
    "access.revoke": N_("Access withdrawn"),
    "hosted_opt_out.set": N_("User keeps data off the hosted service"),
    "hosted_opt_out.clear": N_("User accepts the hosted service"),
    "dossier.record": N_("Retrieval of a dossier noted"),
    "dossier.forget": N_("Dossier forgotten"),
    "data_mode.to_hosted": N_("Data kept online"),
    "data_mode.to_local": N_("Data back on the workstations"),
    "service.request": N_("Service requested"),
    "service.activate": N_("Service activated"),
    "service.update": N_("Service changed"),
    "service.rotate_password": N_("Shared password changed"),
    "service.withdraw": N_("Service request withdrawn"),
    "service.deactivate": N_("Service switched off"),
    "service.send_password": N_("Place of the shared password told"),
    "invitation.resend": N_("Invitation sent again"),
    "invitation.cancel": N_("Invitation withdrawn"),
    "password.reset": N_("Link for a new password sent"),
    "personal.erase": N_("Personal data erased"),
}


def told(visit: Visit) -> Callable[[str], str]:
    """From a kind of change to its words; a kind that is not known here says its own name."""
    return lambda kind: visit.say(KINDS[kind]) if kind in KINDS else kind
