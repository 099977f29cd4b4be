"""The table of pages. A page that is not here does not exist, and the tests of isolation are made from it."""

from flexsync.portal.pages import links, operator_fleet, operator_mails, own, services, signing, software, space
from flexsync.portal.route import Route

ROUTES = (
    Route("/sign-in", "visitor", signing.show_sign_in, signing.do_sign_in, ("email", "password", "next")),
    Route("/forgotten", "visitor", signing.show_forgotten, signing.do_forgotten, ("email",)),
    Route("/link/{token}", "visitor", links.show, links.follow, ("password", "password_again")),
    Route("/operator/login", "visitor", signing.show_operator_login, signing.do_operator_login,
          ("name", "password", "next")),
    Route("/operator/sign-out", "operator", act=signing.do_operator_sign_out),
    Route("/operator", "operator", operator_fleet.home),
    Route("/operator/subscriptions/{subscription}", "operator", operator_fleet.one),
    Route("/operator/invitations", "operator", operator_fleet.invitations),
    Route("/operator/outbox", "operator", operator_mails.outbox),
    Route("/operator/outbox/{mail}", "operator", operator_mails.mail),
    Route("/operator/outbox/{mail}/html", "operator", operator_mails.mail_alone),
    Route("/operator/outbox/{mail}/retry", "operator", act=operator_mails.retry),
    Route("/operator/outbox/{mail}/cancel", "operator", act=operator_mails.cancel),
    Route("/operator/runs", "operator", operator_fleet.runs),
    Route("/operator/runs/{run}", "operator", operator_fleet.run),
    Route("/operator/disclosures", "operator", operator_fleet.disclosures),
    Route("/operator/notices", "operator", operator_mails.notices),
    Route("/operator/notices/{code}/{lang}", "operator", operator_mails.notice),
    Route("/operator/notices/{code}/{lang}/html", "operator", operator_mails.notice_alone),
    Route("/sign-out", "person", act=signing.do_sign_out),
    Route("/", "person", space.home),
    Route("/welcome", "person", space.welcome),
    Route("/me", "person", own.show),
    Route("/me/names", "person", act=own.names, fields=("civility", "given_name", "family_name")),
    Route("/me/language", "person", act=own.language, fields=("language",)),
    Route("/me/email", "person", act=own.email, fields=("email", "email_password")),
    Route("/me/password", "person", act=own.password, fields=("current_password", "password", "password_again")),
    Route("/me/hosting/{subscription}", "person", act=own.hosting, fields=("out",)),
    Route("/downloads", "person", software.show),
    Route("/downloads/{file}", "person", software.fetch),
    Route("/services/{subscription}/{service}", "person", services.show, services.read, ("password",)),
)  # fmt: skip
