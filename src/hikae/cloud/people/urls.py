"""Addresses of what people choose about themselves."""

from django.urls import path

from hikae.cloud.people import (
    closing_views,
    joining_views,
    members_views,
    ownership_views,
    views,
)

app_name = "people"
urlpatterns = [
    path("language", views.language, name="language"),
    path("organisation", views.organisation, name="organisation"),
    path("members", members_views.members, name="members"),
    path("members/invite", members_views.invite, name="invite"),
    path("members/invite-client", members_views.invite_client, name="invite_client"),
    path("members/<uuid:member_id>/role", members_views.role, name="role"),
    path("members/<uuid:member_id>/remove", members_views.remove, name="remove"),
    path("invitations/<uuid:invitation_id>/withdraw", members_views.withdraw, name="withdraw"),
    path("join/<str:token>", joining_views.join, name="join"),
    path("closing", closing_views.closing, name="closing"),
    path("closing/end", closing_views.reopen, name="reopen"),
    path("owner", ownership_views.owner, name="owner"),
    path("owner/offer", ownership_views.offer, name="offer"),
    path("owner/<uuid:offer_id>/accept", ownership_views.accept, name="accept"),
    path("owner/<uuid:offer_id>/end", ownership_views.end, name="end_offer"),
]
