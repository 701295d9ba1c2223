"""What runs with no visitor, and when."""

from flask import current_app

from directory.accounts.jobs import drop_old, erase_unconfirmed, tend_idle
from directory.api.export import write_files
from directory.backup.jobs import back_up
from directory.claims.jobs import carry_out_due, forget_ended, lapse_silent
from directory.clinics.jobs import drop_links, drop_old_drafts
from directory.clinics.sightings_writer import drop_old as drop_old_sightings
from directory.consultations.jobs import forget_old, lapse_unanswered, remind
from directory.credentials.evidence_jobs import destroy_papers
from directory.credentials.register_jobs import look_again, remind_holders
from directory.following.jobs import forget_followers, tell_followers
from directory.jobs import Job, drain
from directory.manage.jobs import close_due, count_invitations, write_digests
from directory.moderation.duplicate_jobs import bring_duplicates
from directory.moderation.hold_jobs import lift_overdue
from directory.moderation.overdue_jobs import raise_overdue
from directory.moderation.record_jobs import publish_head
from directory.moderation.report_jobs import forget_reports
from directory.moderation.signals.jobs import find_rings, tend_signals
from directory.portfolio.jobs import forget_pictures
from directory.reviews.jobs import ask_for_later_stages, drop_drafts, forget_decided, lapse_unmended, sweep_files
from directory.reviews.score_jobs import age_scores
from directory.search.live import LiveIndex


def _write_snapshot() -> str:
    live: LiveIndex = current_app.extensions["live"]
    return live.write_snapshot()


def _drain_queue() -> str:
    return f"carried out {drain()}"


TIMETABLE = [
    Job("queue", "*", "*", _drain_queue, "carries out what a lost wake-up left in the queue"),
    Job("old-rows", "20", "*", drop_old, "deletes ended sessions, spent links, finished queue rows"),
    Job("unconfirmed-accounts", "30", "3", erase_unconfirmed, "forgets addresses not confirmed within a week"),
    Job("idle-accounts", "40", "3", tend_idle, "warns accounts idle for nearly three years, erases them after"),
    Job("desk-links", "25", "3", drop_links, "deletes links to clinics' desks whose time is over"),
    Job("clinics-closing", "15", "*", close_due, "closes clinics on the day that their owners announced"),
    Job("ledger-head", "0", "*", publish_head, "signs the newest row of the record and publishes it"),
    Job("claims-due", "*/10", "*", carry_out_due, "lets approved claims take effect when their notice is over"),
    Job("claims-silent", "35", "*", lapse_silent, "ends claims whose claimants left them alone for a month"),
    Job("claims-ended", "25", "3", forget_ended, "destroys what was told with claims when its time is over"),
    Job("consultation-reminders", "*/15", "*", remind, "reminds both sides a day before they meet"),
    Job("consultations-unanswered", "50", "*", lapse_unanswered, "ends what nobody answered within two weeks"),
    Job("consultations-old", "50", "3", forget_old, "deletes what was told in confidence when its time is over"),
    Job("files", "*/10", "*", sweep_files, "deletes files that nothing needs"),
    Job("drafts", "35", "3", drop_drafts, "erases drafts of reviews nobody touched for thirty days"),
    Job("decided", "55", "3", forget_decided, "erases what was kept from readers a year ago"),
    Job("old-pictures", "35", "4", forget_pictures, "erases clinics' pictures that nobody will show"),
    Job("unmended", "5", "*", lapse_unmended, "ends what was sent back for a change and not mended in a week"),
    Job("later-stages", "20", "9", ask_for_later_stages, "asks authors how it has settled, once for each stage"),
    Job("scores", "5", "1", age_scores, "draws the countries' means, makes every score a month older"),
    Job("rings", "50", "2", find_rings, "looks for accounts that review the same clinics as a group"),
    Job("signals", "45", "4", tend_signals, "deletes traces of networks and devices whose time is over"),
    Job("duplicates", "*/20", "*", bring_duplicates, "brings pairs found by imports to the desk"),
    Job("overdue-items", "25", "*", raise_overdue, "moves items of the desk up that wait for too long"),
    Job("holds", "*/10", "*", lift_overdue, "shows again what was hidden at once and not decided within a day"),
    Job("registers", "10", "5", look_again, "holds credentials against the official lists in force"),
    Job("credentials-ending", "20", "5", remind_holders, "reminds holders 60, 30 and 7 days before a last day"),
    Job("backup", "*/15", "*", back_up, "copies database and files into BACKUP_FOLDER"),
    Job("clinic-drafts", "45", "3", drop_old_drafts, "deletes unsaved changes of clinics nobody touched for 60 days"),
    Job("open-data", "15", "3", write_files, "writes the open data files"),
    Job(
        "old-papers",
        "40",
        "*",
        destroy_papers,
        "destroys papers of credentials whose time is over",
    ),
    Job("old-reports", "50", "3", forget_reports, "destroys old evidence, forgets the words of old reports"),
    Job("invitation-numbers", "10", "2", count_invitations, "counts used invitations once a month, in fives"),
    Job("clinic-digests", "10", "6", write_digests, "on Mondays: a letter to clinics where something is new"),
    Job("saved-news", "*/15", "*", tell_followers, "finds what changed at saved clinics, writes to who asked"),
    Job("saved-old", "25", "3", forget_followers, "forgets wishes for letters that nobody confirmed or renewed"),
    Job("old-sightings", "15", "4", drop_old_sightings, "deletes counts of pages opened more than 400 days ago"),
    Job("search-snapshot", "*", "*", _write_snapshot, "writes the search index that web workers map"),
]
